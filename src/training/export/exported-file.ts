/** What exporters give: files by name, to be written into the folder of the export. */
export interface ExportedFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}
