/** A query of `POST /conversations/search`, as far as this tool uses its language. */
export type SearchFilter = FieldFilter | FilterGroup;

export type FieldFilter =
  | { readonly field: string; readonly operator: '>' | '<'; readonly value: number }
  | { readonly field: string; readonly operator: '='; readonly value: true }
  | { readonly field: string; readonly operator: 'IN'; readonly value: readonly (string | number)[] };

interface FilterGroup {
  readonly operator: 'AND' | 'OR';
  readonly value: readonly SearchFilter[];
}

/** Intercom refuses groups with more. Groups stand in groups at most once: two levels. */
export const mostFiltersPerGroup = 15;
