import { CircleAlert } from 'lucide-react';
import type { Problem } from '#shared/definition/problem.ts';
import frame from '#ui/expression/expression-field.module.css';

/** Problems that belong to no field: what is wrong, and how to mend it. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  return problems.map(({ code, message, path, fix }) => (
    <div key={`${code} ${path} ${message}`} className={`${frame.problem} inert`} role="alert">
      <CircleAlert size={12} aria-hidden />
      <span>{fix === undefined ? message : `${message} ${fix}`}</span>
    </div>
  ));
}
