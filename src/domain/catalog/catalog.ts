/** An ISO date, `2026-11-23`. */
export type IsoDate = string;

export type CatalogSource = {
  readonly name: string;
  readonly url: string;
  readonly date: IsoDate;
  readonly license: string;
};
