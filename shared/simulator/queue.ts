interface Entry<T> {
  at: number;
  order: number;
  key: string;
  item: T;
}

/** What is going to happen, earliest first, in order of arrival within one instant. Entries can be dropped by key. */
export class Queue<T> {
  #entries: Entry<T>[] = [];
  #order = 0;

  add(at: number, item: T, key: string): void {
    const entry = { at, order: this.#order++, key, item };
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
  }

  take(): Entry<T> | undefined {
    return this.#entries.shift();
  }

  drop(key: string): void {
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
  }
}
