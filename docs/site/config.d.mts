interface Item {
  readonly text: string;
  readonly link: string;
}
declare const config: {
  readonly markdown: { readonly anchor: { slugify(heading: string): string } };
  readonly themeConfig: {
    readonly search: { readonly provider: string };
    readonly nav: readonly Item[];
    readonly sidebar: readonly { readonly text: string; readonly items: readonly Item[] }[];
  };
};
export default config;
