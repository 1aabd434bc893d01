import { Skeleton } from '@mantine/core';

const WIDTHS = Array.from({ length: 30 }, (_, row) => 55 + ((row * 17) % 37));

/** Rows of the height that the real ones will have, while they are loaded. At most 30. */
export function SkeletonRows({ rows = 8, columns }: { rows?: number; columns: number }) {
  return WIDTHS.slice(0, rows).map((width) => (
    <tr key={width} aria-hidden>
      <td colSpan={columns}>
        <Skeleton height={12} width={`${width}%`} />
      </td>
    </tr>
  ));
}
