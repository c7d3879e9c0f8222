/** Which messages the templates ask for: every `say "key"`, with the placeholders it fills. */
import Handlebars from 'handlebars';
import type { AskedMessages } from './messages.ts';
import type { SourceFile } from './template-source.ts';

/** Keys named in templates; the placeholders of several places are taken together. */
export const messagesAskedBy = (sources: readonly SourceFile[]): AskedMessages => {
  const asked = new Map<string, Set<string>>();
  const visitor = new Handlebars.Visitor();
  const take = ({ path, params, hash }: Call): void => {
    const [key] = params;
    if ((path as hbs.AST.PathExpression).original !== 'say' || key?.type !== 'StringLiteral')
      return;
    const { value } = key as hbs.AST.StringLiteral;
    const names = asked.get(value) ?? new Set();
    for (const pair of hash?.pairs ?? []) names.add(pair.key);
    asked.set(value, names);
  };
  visitor.MustacheStatement = (call) => {
    take(call);
    Handlebars.Visitor.prototype.MustacheStatement.call(visitor, call);
  };
  visitor.SubExpression = (call) => {
    take(call);
    Handlebars.Visitor.prototype.SubExpression.call(visitor, call);
  };
  for (const { text } of sources) visitor.accept(Handlebars.parse(text));
  return asked;
};

type Call = hbs.AST.MustacheStatement | hbs.AST.SubExpression;
