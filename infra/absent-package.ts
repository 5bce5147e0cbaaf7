/** Stands in for packages that a bundle carries along and never calls; see docs/decisions/0015. */
export {};
