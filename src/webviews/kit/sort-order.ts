/** In which order a table's rows are. */
export interface SortOrder {
  column: string;
  descending: boolean;
}
