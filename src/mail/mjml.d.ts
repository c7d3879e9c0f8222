/** The part of MJML 5 used here; the package brings no types of its own. */
declare module 'mjml' {
  type Options = {
    readonly filePath?: string;
    readonly actualPath?: string;
    readonly ignoreIncludes?: boolean;
    readonly includePath?: string | readonly string[];
    readonly validationLevel?: 'skip' | 'soft' | 'strict';
    readonly keepComments?: boolean;
    readonly fonts?: Readonly<Record<string, string>>;
  };
  type Problem = {
    readonly line: number;
    readonly message: string;
    readonly tagName: string;
    readonly formattedMessage: string;
  };
  const mjml2html: (
    source: string,
    options?: Options,
  ) => Promise<{ readonly html: string; readonly errors: readonly Problem[] }>;
  export = mjml2html;
}
