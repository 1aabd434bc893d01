import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Cool greys; Mantine's dark scheme is drawn from `dark`. */
const dark: MantineColorsTuple = [
  '#d5d9e3',
  '#b3b9c9',
  '#949cb0',
  '#6d768c',
  '#454d60',
  '#343b4b',
  '#262c3a',
  '#1b202c',
  '#151924',
  '#10131c',
];

const CLOSE = { 'aria-label': 'Close' };

/** The house look: dense, calm, one accent. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: { dark },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    // Options that nobody looks at would be drawn again at each key typed in the same form.
    Combobox: { defaultProps: { keepMounted: false } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: {
      defaultProps: { openDelay: 400, transitionProps: { duration: 100 }, multiline: true, maw: 320 },
    },
    InputWrapper: { styles: { description: { fontSize: '12px' }, error: { fontSize: '12px' } } },
    Modal: { defaultProps: { transitionProps: { duration: 120 }, closeButtonProps: CLOSE } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 }, closeButtonProps: CLOSE } },
    Loader: { defaultProps: { role: 'status' } },
    Notification: { defaultProps: { closeButtonProps: CLOSE } },
    Menu: {
      defaultProps: {
        transitionProps: { duration: 80 },
        shadow: 'md',
        withInitialFocusPlaceholder: false,
      },
    },
  },
});

const WORDS = {
  '--mantine-color-dimmed': 'var(--house-muted)',
  '--mantine-color-placeholder': 'var(--house-muted)',
  '--mantine-color-error': 'var(--state-failure)',
};

/** Mantine's own shades of these are too faint to be read: less than 4.5 to 1 against what is behind them. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...WORDS,
    '--mantine-color-red-filled': 'var(--mantine-color-red-9)',
    '--mantine-color-red-light-color': 'var(--mantine-color-red-9)',
    '--mantine-color-indigo-light-color': 'var(--mantine-color-indigo-9)',
  },
  dark: { ...WORDS, '--mantine-color-red-filled': 'var(--mantine-color-red-9)' },
});
