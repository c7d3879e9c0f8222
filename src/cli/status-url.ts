import type { Config } from '../config.ts';
import { operatorToken } from '../lib/token.ts';
import { type Command, noPositionals, parseCommand, printJson } from './command.ts';

/** The token that opens the operator's page: the one set, or one made from the secret. */
export const statusToken = (config: Config, secret: string): string =>
  config.statusToken ?? operatorToken(secret);

/** The address of the operator's page. Who knows it may see the page. */
export const statusUrl = (config: Config, secret: string): string =>
  `${config.baseUrl}/status/${statusToken(config, secret)}`;

export const statusUrlCommand: Command = {
  name: 'status-url',
  usage: 'status-url [--json]',
  summary: "the address of the operator's page, with the token that opens it",
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, { json: { type: 'boolean' } });
    noPositionals(positionals);
    const url = statusUrl(context.config, context.secret());
    if (values['json'] === true) printJson(context, { url });
    else context.print(url);
  },
};
