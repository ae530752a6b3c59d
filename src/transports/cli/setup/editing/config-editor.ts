import type { FoundEntry, ServerEntry } from '../entry.ts'

/** Changes the text of a configuration file, and nothing in it but our own entry. Throws, changing nothing, where it cannot. */
export interface ConfigEditor {
  /** What lets the client use the tools without asking, as fields of the entry. */
  readonly allow?: Readonly<Record<string, unknown>> | undefined
  /** The entry under our name, if there is one. */
  find(text: string): FoundEntry | undefined
  /** Whether the table of servers is there. */
  hasTable(text: string): boolean
  /** The text with the entry in it: added, or brought up to date. */
  put(text: string, entry: ServerEntry): string
  /** The text without the entry; also without the table of servers, if that is then empty and `dropTable` says so. */
  remove(text: string, options: { readonly dropTable: boolean }): string
}
