/** Refusals that are not about the reader's address, from the telling words to the vague ones. */
import type { Words } from './bounce-words.ts';

export const otherRefusals: readonly { readonly reason: string; readonly words: Words }[] = [
  {
    reason: 'virusdetected',
    words: [/virus|malware|trojan|worm detected|infected|malicious (?:content|link|attachment)/],
  },
  {
    reason: 'spamdetected',
    words: [
      /\bspam\b|\bube\b|\buce\b|unsolicited|bulk (?:e-?)?mail|junk ?mail|spamassassin/,
      /blacklisted (?:url|link)/,
      /content (?:was |has been )?(?:rejected|filter|not accept|denied)/,
      /rejected[^.;]{0,20}content|phishing|uribl|surbl/,
    ],
  },
  {
    reason: 'badreputation',
    words: [/reputation|senderbase|senderscore|too low score/],
  },
  {
    reason: 'toomanyconn',
    words: [
      /too many (?:concurrent )?(?:connections|sessions|smtp)/,
      /connection (?:rate|limit|frequency)|concurren|maximum (?:number of )?connections/,
    ],
  },
  {
    reason: 'blocked',
    words: [
      /black ?list|block ?list|\brbl\b|dnsbl|spamhaus|spamcop|barracuda|sorbs/,
      /blocked (?:using|by|for|due|because)/,
      /(?:client host|ip|ip address|host|address|your (?:server|network|host|ip))[^.;]{0,60}(?:blocked|rejected|banned|denied|refused|not allowed|listed)/,
      /access denied|helo|ehlo|dynamic ip|dial-?up|banned|your (?:ip|host|server|network|isp)/,
      /greylist|no access from mail server|open (?:relay|proxy)|connections? not accepted from/,
      /cbl\.abuseat|sender base|use the smtp server of your isp|not accepting connections/,
    ],
  },
  {
    reason: 'rejected',
    words: [
      /sender (?:address )?(?:is )?(?:rejected|denied|refused|invalid|not|unknown|verif\w+|domain)/,
      /(?:mail|message)?[^.;]{0,10}from[^.;]{0,40}(?:rejected|denied|refused|not allowed|not accepted|prohibited|blocked)/,
      /domain of sender/,
      /sender[^.;]{0,20}(?:not exist|does not resolve|must|callout|blocked|blacklisted)/,
      /envelope (?:sender|from)|return[- ]path|backscatter|unable to verify|batv/,
      /email address is on senderfilterconfig|unrouteable sender|null sender|empty envelope/,
    ],
  },
  {
    reason: 'policyviolation',
    words: [
      /policy|polic(?:ies|ing)/,
      /(?:attachment|file ?type|extension)[^.;]{0,40}(?:not|block|denied|prohibit|forbid|banned)/,
      /prohibited|must have[^.;]{0,30}tls|closed mailing list|restricted|attachment/,
    ],
  },
  {
    reason: 'securityerror',
    words: [
      /not authori[sz]ed|permission denied|\btls\b|certificate|encrypt/,
      /authentication (?:required|turned|failed|fail)|unauthori[sz]ed|access is denied|security/,
      /starttls|authrequired/,
    ],
  },
  {
    reason: 'systemerror',
    words: [
      /system (?:config\w* |i\/o |full|error|storage|resource)/,
      /internal (?:server |system |software )?error|i\/o error|insufficient system/,
      /local (?:error|configuration|problem)|can(?:'t|not) create|server (?:error|config)/,
      /temporary (?:system|local|internal)/,
      /service (?:currently |temporarily )?(?:unavailable|not available)/,
      /out of (?:memory|resources)|aliasing|cyclic|expansion/,
      /resources? (?:temporarily )?unavailable|too many recipients|ldap|database|load/,
    ],
  },
  {
    reason: 'mailererror',
    words: [
      /mailer error|command (?:died|failed|time|output)|pipe (?:to|command)/,
      /exit (?:status|code|with)|returned status|procmail|maildrop|permission|process failed/,
      /ran too long|x-unix|could not execute|error (?:writing|code)|child process/,
    ],
  },
  {
    reason: 'contenterror',
    words: [
      /mime|header (?:error|too)|charset|non-?ascii|8-?bit|improper|malformed/,
      /(?:bare|stray) (?:lf|cr)|character|body/,
    ],
  },
  {
    reason: 'notcompliantrfc',
    words: [/rfc ?\d{4}|not (?:rfc|compliant)|duplicate header|multiple from|message-id/],
  },
  {
    reason: 'syntaxerror',
    words: [
      /syntax|bad (?:command|sequence)|command (?:not )?(?:unrecogni|recogni|implemented)/,
      /not implemented|protocol error/,
    ],
  },
];
