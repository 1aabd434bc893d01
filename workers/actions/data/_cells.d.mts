export function cellValue(cell: string, typed: boolean): string | number | boolean | null;
