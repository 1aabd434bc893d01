import { Alert } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { Refused } from '#ui/api/client.ts';
import classes from './sandbox-panel.module.css';

/** Problems that are listed; more are only counted. */
const MOST = 10;

/** Why the API did not do what was asked, with all that is wrong and what to do. */
export function Refusal({ title, error }: { title: string; error: Error }) {
  const { fix, problems = [] } = error instanceof Refused ? error.problem : {};
  const more = problems.length - MOST;
  return (
    <Alert color="red" role="alert" title={title} icon={<CircleAlert size={16} aria-hidden />}>
      <span className="inert">
        {error.message} {fix}
      </span>
      {problems.length > 1 && (
        <ul className={classes.problems}>
          {problems.slice(0, MOST).map(({ path, message, line }) => (
            <li key={`${path} ${line} ${message}`} className="inert">
              {message}
            </li>
          ))}
          {more > 0 && <li>and {more} more</li>}
        </ul>
      )}
    </Alert>
  );
}
