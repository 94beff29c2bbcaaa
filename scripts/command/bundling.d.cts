export const INSTALLED: readonly string[];
export const BUNDLING: {
  entryPoints: string[];
  bundle: true;
  splitting: true;
  format: 'esm';
  platform: 'node';
  target: string;
  alias: Record<string, string>;
  banner: Record<string, string>;
  charset: 'utf8';
};
