import { Menu } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { IconButton } from '#ui/expression/icon-button.tsx';
import classes from './config.module.css';

/** Puts a secret into a field, by name. The list is made when it is asked for. */
export function SecretMenu({
  label,
  secrets,
  onPick,
}: {
  label: string;
  secrets: readonly string[];
  onPick(expression: string): void;
}) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <span className={classes.anchor}>
      <IconButton
        ref={button}
        icon={KeyRound}
        label={`${label}: insert a secret`}
        hint="Insert a secret"
        onClick={() => setOpen(true)}
      />
      {isOpen && (
        <Menu opened onClose={close} position="bottom-end" returnFocus={false}>
          <Menu.Target>
            <span className={classes.anchored} />
          </Menu.Target>
          <Menu.Dropdown mah={280} style={{ overflowY: 'auto' }} aria-label="Secrets">
            <Menu.Label>
              {secrets.length === 0 ? 'There are no secrets yet: add one on the page Secrets.' : 'Secrets'}
            </Menu.Label>
            {secrets.map((name) => (
              <Menu.Item key={name} onClick={() => onPick(`secrets.${name}`)}>
                <span className="inert">{name}</span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}
