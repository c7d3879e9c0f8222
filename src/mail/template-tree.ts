/** Templates as Handlebars' syntax trees, and what we change in them before they are compiled. */
import Handlebars from 'handlebars';
import { blockEnd, blockStart } from './marks.ts';
import { type SourceFile, TemplateError } from './template-source.ts';

/**
 * A template's tree, in which an unknown field is a fault also where it is handed to a helper:
 * Handlebars would pass `undefined`. @throws TemplateError for blocks that do not end.
 */
export const parseTemplate = ({ file, text }: SourceFile): hbs.AST.Program => {
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(text);
  } catch (error) {
    // The files were read one by one, so this is a block that ends in another than it began in.
    const reason = error instanceof Error ? error.message : String(error);
    throw new TemplateError(file, 1, reason.replace(/\s+/g, ' '));
  }
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = (path: hbs.AST.PathExpression & { strict?: boolean }) => {
    path.strict = true;
  };
  visitor.accept(program);
  return program;
};

/** The template with marks around the body of `{{#each papers}}`. */
export const markPapers = (source: SourceFile): hbs.AST.Program => {
  // White space around the tags has been settled by now, so the marks cannot change it.
  const program = parseTemplate(source);
  for (const { program: body } of program.body.filter(isPaperLoop)) {
    body.body.unshift(contentNode(blockStart, body));
    body.body.push(contentNode(blockEnd, body));
  }
  return program;
};

type PaperLoop = hbs.AST.BlockStatement & { path: hbs.AST.PathExpression };

const isPaperLoop = (node: hbs.AST.Statement): node is PaperLoop =>
  node.type === 'BlockStatement' &&
  (node as PaperLoop).path.original === 'each' &&
  (node as hbs.AST.BlockStatement).params.some(
    (param) => (param as hbs.AST.PathExpression).original === 'papers',
  );

const contentNode = (value: string, { loc }: hbs.AST.Program): hbs.AST.ContentStatement => ({
  type: 'ContentStatement',
  value,
  // The library's types take it for flags; its compiler does not look at it.
  original: {} as hbs.AST.StripFlags,
  loc,
});
