/** The one version of the Temporal command line (and so of the server in it) that the product is tested with. */
export const temporalVersion = '1.9.1';

interface Pin {
  /** As the official download names them. */
  platform: 'linux' | 'darwin';
  arch: 'amd64' | 'arm64';
  /** SHA-256 of the executable itself, whatever archive it came in. */
  sha256: string;
}

const pins: Record<string, Pin> = {
  'linux-x64': {
    platform: 'linux',
    arch: 'amd64',
    sha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
  },
  'linux-arm64': {
    platform: 'linux',
    arch: 'arm64',
    sha256: '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
  },
  'darwin-x64': {
    platform: 'darwin',
    arch: 'amd64',
    sha256: 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
  },
  'darwin-arm64': {
    platform: 'darwin',
    arch: 'arm64',
    sha256: '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
  },
};

/** The pin for a platform as Node names it (`linux-x64`), or undefined when there is no binary for it. */
export function pinFor(system: string = `${process.platform}-${process.arch}`): Pin | undefined {
  return pins[system];
}

/** Where Temporal publishes a version for a platform. */
export function officialUrl(pin: Pin): string {
  return `https://temporal.download/cli/archive/v${temporalVersion}?platform=${pin.platform}&arch=${pin.arch}`;
}
