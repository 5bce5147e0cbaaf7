/**
 * Bundled in the place of the class of `@aws-sdk/endpoint-cache`: DynamoDB's client makes one, and none of its calls looks for
 * other endpoints any more. Whatever did look would fail at once.
 */
export function EndpointCache(): void {
  // remembers nothing
}
