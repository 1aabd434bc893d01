import { Text } from '@mantine/core';
import classes from './workflows.module.css';

interface Problem {
  code: string;
  message: string;
  path: string;
  line?: number | undefined;
  column?: number | undefined;
  fix?: string | undefined;
}

const MOST = 50;

/** What is wrong with a definition, line by line. */
export function ProblemLines({ problems }: { problems: readonly Problem[] }) {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return (
    <>
      <Text size="sm" fw={500}>
        {count}. A draft keeps them; the builder shows where they are.
      </Text>
      <ul className={classes.problems}>
        {problems.slice(0, MOST).map(({ code, message, path, line, column, fix }) => (
          <li key={`${code} ${path} ${line} ${column} ${message}`} className="inert">
            <span className={classes.where}>{line === undefined ? path : `line ${line}`}</span> {message}{' '}
            {fix}
          </li>
        ))}
      </ul>
    </>
  );
}
