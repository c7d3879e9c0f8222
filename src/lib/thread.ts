/** How a module of ours is started in a thread of its own. */

/**
 * The code of a thread that runs a module, for `new Worker(code, { eval: true })`. A thread's first
 * module is read before any loader of TypeScript can be told to it, so it starts with a line of
 * JavaScript that brings the loader along. What is compiled needs none.
 */
export const threadCode = (moduleUrl: string): string => {
  const url = JSON.stringify(moduleUrl);
  if (!moduleUrl.endsWith('.ts')) return `import(${url});`;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ register }) => { register(); return import(${url}); });`;
};
