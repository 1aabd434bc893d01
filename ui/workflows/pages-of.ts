interface Pages<Item> {
  pages: { items: Item[]; nextCursor: string | null }[];
  pageParams: unknown[];
}

/** Loaded pages with each item in another state; one for which `change` answers undefined is left out. */
export function withItems<Item, Data extends Pages<Item>>(
  data: Data | undefined,
  change: (item: Item) => Item | undefined,
): Data | undefined {
  if (!data) return data;
  const pages = data.pages.map((page) => ({
    ...page,
    items: page.items.flatMap((item) => change(item) ?? []),
  }));
  return { ...data, pages };
}
