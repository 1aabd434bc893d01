import { type Network, type Settings, Terminal } from '../action.ts';
import { webUrl } from '../network/web-url.ts';
import type { ProviderName } from './provider.ts';

/** Where a provider is reached, and as whom. */
export interface Endpoint {
  provider: ProviderName;
  /** Without a slash at the end. */
  baseUrl: string;
  apiKey: string | undefined;
  network: Network;
  /** Whether it is the provider's own server, not a compatible one. */
  isOfficial: boolean;
}

const PLACES = {
  claude: { setting: 'anthropic', url: 'https://api.anthropic.com', variable: 'ANTHROPIC_API_KEY' },
  openai: { setting: 'openai', url: 'https://api.openai.com/v1', variable: 'OPENAI_API_KEY' },
  gemini: {
    setting: 'gemini',
    url: 'https://generativelanguage.googleapis.com',
    variable: 'GEMINI_API_KEY',
  },
} as const;

/** Lets a network through to one more server, which the operator chose; the runner's own ports stay closed. */
function reaching(network: Network, url: URL): Network {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return { ...network, allow: [...network.allow, `${url.hostname}:${port}`] };
}

/**
 * Where and as whom a provider is asked.
 * @throws Terminal `ai.no_key`, `http.bad_url`
 */
export function endpointOf(
  provider: ProviderName,
  settings: Settings['ai'],
  given: { baseUrl?: string | undefined; apiKey?: string | undefined; network: Network },
): Endpoint {
  const { setting, url, variable } = PLACES[provider];
  const configured = settings[setting];
  const target = webUrl(given.baseUrl ?? configured.baseUrl ?? url);
  const isOwnUrl = given.baseUrl !== undefined;
  const baseUrl = target.href.replace(/\/+$/, '');
  const isOfficial = baseUrl === url;
  const apiKey = given.apiKey ?? (isOwnUrl ? undefined : configured.apiKey);
  if (apiKey === undefined && isOfficial)
    throw new Terminal('ai.no_key', `There is no API key for ${provider}.`, {
      fix: isOwnUrl
        ? 'Give the parameter apiKey, from a secret, or leave baseUrl out.'
        : `Set ${variable} in the worker's environment, or give the parameter apiKey, from a secret.`,
      details: { provider, variable },
    });
  const network = isOwnUrl ? given.network : reaching(given.network, target);
  return { provider, baseUrl, apiKey, network, isOfficial };
}
