/**
 * What mail systems say when they refuse, in words. Collected by us from the replies that the common
 * systems and large providers give, written as the shortest wording that tells one refusal from
 * another; all are matched against lower-case text with runs of white space made one blank.
 */

export type Words = readonly RegExp[];

export const mailboxFull: Words = [
  /(?:mail ?box|mail ?folder|inbox|account|user|recipient|storage|maildir)[^.;]{0,60}(?:is |are |was |at |has )?(?:almost )?(?:over|above|exceed\w*|out of|full|beyond)[^.;]{0,25}(?:quota|limit|capacity|storage|space|allocated)/,
  /(?:mail ?box|mail ?folder|inbox|mailspace|mail box|maildir|mail file|storage|account|disk space|mailboxes)(?: [^.;:]{1,40})?(?: is| are| has been| was)? (?:too |almost )?full\b/,
  /over ?-?(?:the )?(?:its )?(?:disk |mail |maximum |storage |allowed )*(?:quota|storage limit|limit for mail)/,
  /overquota|quota[ _-](?:exceeded|full|violation|is full)/,
  /exceed(?:s|ed|ing)?[^.;]{0,40}(?:quota|storage|mailbox|mail box)/,
  /(?:mail ?box|mail ?drop|account|user|disk|storage)[^.;]{0,30} ?(?:quota|size|limit)s?[^.;]{0,20}(?:exceed|reached|full|over)/,
  /(?:disk|mail)? ?quota (?:has been )?exceeded/,
  /exceeded (?:the |his |her |their |its )?(?:\w+ )?(?:quota|storage)/,
  /full mailbox|mailbox_full|mailbox exceeds/,
  /(?:insufficient|not enough) (?:disk |storage |free )?(?:space|quota)[^.;]{0,40}(?:mailbox|user|recipient)?/,
  /not enough (?:disk )?space|out of storage/,
  /would be over (?:the )?(?:allotment|allowed|quota)|no (?:disk )?space left for/,
  /number of messages in recipient's mailbox exceeded|storage (?:full|allocation)/,
  /boite du destinataire (?:archi)?pleine|mailbox (?:for )?[^.;]{0,40} is full/,
  /server out of quota for/,
  /rejected due to quota/,
  /(?:too much|too many) (?:mail|messages) (?:data|stored|in (?:the )?mailbox)/,
  /nicht gen.gend speicher|account is full|delivery failed: over quota/,
  /casilla (?:llena|con espacio)|message would cause[^.;]*quota|volume? .{0,10}is full/,
  /maximum (?:mailbox|storage) (?:size|capacity)|buzon lleno|mailbox size limit/,
];

export const messageTooBig: Words = [
  /(?:message|mail|e-mail|mail content|body)[^.;]{0,30} (?:size|length)[^.;]{0,20}(?:exceed|too (?:large|big)|over|limit)/,
  /(?:message|mail) (?:is |was )?(?:too (?:large|big|long)|larger than|exceeds (?:the )?(?:fixed )?(?:maximum|max|size))/,
  /exceed\w*[^.;]{0,30}(?:max\w*|allowable|limit on)?[^.;]{0,15}(?:message|mail) (?:size|length)/,
  /size limit for|message file too big|max(?:imum)? message size|line too long/,
  /message header size[^.;]*exceed/,
];

export const suspended: Words = [
  /(?:account|mail ?box|user|recipient|address|domain|mailaddress|email)[^.;]{0,50}(?:is |has been |was |been |currently |temporarily |temporary |not |now )*(?:disabled|suspended|de-?activated|discontinued|inactive|not active|locked|frozen|expired|blocked temporarily|on hold|closed|blocked|bloqu|unavailable due to abuse|over quota and inactive)/,
  /(?:disabled|suspended|inactive|deactivated|locked|closed|discontinued) (?:account|mail ?box|user|recipient|e-?mail|address)/,
  /account that you tried to reach is (?:disabled|inactive|over)/,
  /\(#5\.2\.1 - chkuser disabled|mailbox (?:is )?not? ?active/,
  /unavailable for (?:receiving )?mail|user (?:account )?not active|mailbox disabled/,
  /invalid\/inactive user|mailaddress is administratively disabled/,
  /email account .{0,20}not (?:activated|active)|recipient suspend/,
  /delivery.{0,20}deactivated|boite .{0,20}(?:desactiv|inactiv)/,
  /not been (?:used|accessed) for/,
];

export const hasMoved: Words = [
  /has moved/,
  /(?:address|user|mailbox|recipient)[^.;]{0,30} (?:changed|has been replaced|been moved)/,
  /(?:no longer|moved)[^.;]{0,20}(?:please )?(?:use|try|see) (?:the )?(?:new|following) (?:address|e-?mail)/,
  /has been replaced by|forwarding(?: address)? (?:expired|order)|please try (?:<|[\w.]+@)/,
  /user not local; please try/,
];

export const noRelaying: Words = [
  /relay(?:ing)? (?:access )?(?:is )?(?:denied|prohibited|not (?:permitted|allowed)|forbidden|rejected|attempt)/,
  /unable to relay/,
  /(?:not|no) (?:a )?(?:permitted|allowed|authorized|open|to) ?(?:to )?relay/,
  /insecure (?:mail )?relay|we do(?: not|n't) (?:accept mail for|relay|provide relaying)/,
  /relaying? (?:from|to)[^.;]{0,40}(?:denied|not)|relay not permitted|local delivery only/,
  /is not (?:permitted|allowed) to relay|not a gateway/,
  /mail server requires authentication when attempting|not local host|can't relay/,
  /cannot relay|this is not a relay|domain (?:is )?not in my list of allowed rcpthosts/,
  /that domain isn't in my list of allowed rcpthosts|no relay|send to a non-local e-?mail/,
  /relaying blocked/,
];

export const authFailure: Words = [
  /\bspf\b[^;]{0,60}(?:fail|reject|not (?:pass|allow|author)|softfail|neutral|deny|denied|unauthor|check|error|record|invalid|did not)/,
  /(?:fail\w*|reject\w*|violat\w*|unauthor\w*|denied|according to|not permitted by|did not pass|because of|policy)[^;]{0,50}(?:\bspf\b|\bdkim\b|\bdmarc\b|domain'?s policy)/,
  /\b(?:dkim|dmarc)\b[^;]{0,60}(?:fail|reject|did not pass|not pass|policy|invalid|missing|unsigned|verif|deny|denied|require)/,
  /unauthenticated (?:e-?mail|mail|message|sender)/,
  /(?:message|sender|mail|domain)[^.;]{0,30}(?:not|n't|isn't|un-?)[^.;]{0,10}authenticated/,
  /authentication checks? (?:have )?fail|fail\w* (?:to pass |to )?authenticat/,
  /sender policy framework|email auth\w* (?:check|fail)/,
  /(?:not|does not) (?:pass|meet)[^.;]{0,30}authentication/,
  /is not (?:permitted|allowed|authori[sz]ed|designated)[^.;]{0,30}(?:to send|sender)[^.;]{0,30}(?:mail|from|domain|for|by)/,
  /does not designate|spoofed|multiple authentication/,
];

export const requirePtr: Words = [
  /reverse[- ]?(?:dns|lookup|address|hostname|ip|mapping)/,
  /(?:missing|no|without|valid|lack of|have|has|bad|invalid|matching|find your|generic) (?:a |any )?(?:valid )?(?:ptr|rdns)/,
  /\bptr\b[^.;]{0,40}(?:record|set|missing|resourc|not|match|fail)|\brdns\b/,
  /cannot (?:resolve|find) your (?:host ?name|address|ip)/,
  /(?:client|your) (?:host|ip|address|hostname)[^.;]{0,40}(?:cannot find|could not|unable to|does not|not) [^.;]{0,15}resolv/,
  /fix (?:your )?reverse dns|unresolvable|no reverse/,
  /dns (?:entry|lookup|record)s?[^.;]{0,25}your (?:ip|host)|forward-confirmed/,
  /hostname for ip address/,
];

export const hostUnknown: Words = [
  /(?:host|domain|hostname)(?: name)?(?: [^\s;:]+){0,4}?(?: is| was)? (?:not found|unknown|does(?: not|n't) exist|could not be found|couldn't be found|can ?not be found|cannot be resolved)/,
  /account or domain may not exist|domain name not found/,
  /hosts? (?:or domain )?name (?:lookup|not)|unroute?able (?:mail )?(?:address|domain)/,
  /(?:unknown|invalid|no such|bad destination|unresolvable|unrouteable|illegal) (?:mail )?(?:host|domain|mailer host|system name|server)/,
  /host unknown|nxdomain|name or service not known|unrouteable (?:mail )?domain/,
  /no such domain|domain (?:does not exist|is not reachable|is not valid|must exist)/,
  /recipient domain must exist/,
  /recipient address rejected: (?:domain not found|unknown (?:mail )?domain)/,
  /unable to (?:find|resolve|look up)[^;]{0,30}(?:host|domain|mx)/,
  /name server (?:could not|reported)[^;]{0,30}/,
  /(?:dns|domain name|mx) (?:error|lookup fail\w*|resolution fail\w*)[^;]{0,40}(?:not found|nxdomain|non-?existent)?/,
  /address family mismatch|no valid mx|all relevant mx records point to non-existent hosts/,
  /nonexistent domain|couldn't find any host named|cannot find (?:the )?(?:domain|host)/,
  /all host address lookups failed permanently|non-existent domain/,
];

export const notAccept: Words = [
  /null ?mx|does ?n(?:o|'|)t accept (?:any )?(?:mail|e-?mail|incoming|message)/,
  /(?:domain|host|server|system|we|machine|site)[^.;]{0,40}(?:do|does|will|can)(?: not|n't)? ?(?:not )?(?:accept|receive|support)[^.;]{0,15} (?:mail|e-?mail|smtp|message|incoming)/,
  /no mx record found|mx record[^.;]{0,20}(?:empty|null|points? to|resolves? to)/,
  /smtp (?:protocol )?(?:service )?(?:is )?(?:disabled|off|not (?:running|available))/,
  /nullmx|nomx|no mail server|sorry, there is no such service|not accept mail/,
  /mailer is not accepting|no mx found for|record indicated no smtp service/,
];

/** Said so only of an address that is not there, whatever the command was. */
export const surelyUnknown: Words = [
  /^\W*unknown user:? +<?\S+@|invalid final delivery userid|recipient name is not recognized/,
  /not listed in (?:the )?(?:domino|public|address)|domino ?(?:ディレクトリ|-verzeichnis)/,
  /annuaire domino/,
  /no valid recipients for this|\(and other recipients in the same domain\)/,
  /554 delivery error: dd this user doesn't have|lpn00[67]_/,
  /adresse d.? ?au moins un destinataire invalide/,
  /550 (?:5\.\d\.\d )?requested action not taken: mailbox unavailable|#5\.1\.0 address rejected/,
  /^\W*550 <[^>]+>: user unknown$/,
];

/** What Microsoft's servers say at RCPT of an address that is not there. */
export const deniedRecipient: Words = [/recipient address rejected: access denied/];

/** Filters that give "user unknown" for their class of the failure, whatever it was. */
export const pretended: Words = [/^\[user unknown\]|this user doesn't have an? \S+ account \(/];

export const userUnknown: Words = [
  /(?:user|mail ?box|account|recipient|addressee|address|mail ?drop|alias|person|userid|customer|name|subscriber|e-?mail|destinatario|destination|participant|employee|local part|mailaddress|id)(?: name| address| id| account)?(?: ?[<"'([][^\s]*[>"')\]])?(?: [^.;]{0,50}?)? ?(?:(?:is|was|has been|are|of|does|could|can|were|appears? to be|seems)? ?(?:un-?known|not (?:found|known|exist|recogni[sz]ed|listed|valid|here|registered|on (?:this|our|file)|in (?:the|our|this|my)|a (?:known|valid|user|member)|been found|be found|our customer|local|have an? account)|does ?n(?:o|'|)t (?:exist|have)|doesn't exist|non-?existent|invalid|undeliverable|no longer (?:valid|exist|in use|active|available|accept|on|work|a |used|here)|deleted|terminated|couldn'?t be found|cannot be found|bad|incorrect|unresolvable|illegal|unavailable|rejected: (?:user|unknown|undeliverable|invalid|no such)))/,
  /(?:no such|unknown|invalid|non-?existent|no|bad|illegal|not a known|not our|not a valid|unrecognized|incorrect|undeliverable|inexistent|no valid|unrouteable|can't find|unable to find|un-?identified|nonexisting) (?:or (?:invalid|illegal|disabled|unknown) )?(?:\w+ )?(?:user|users|mail ?box|recipients?|account|address|addressee|person|e-?mail|local part|local user|mail ?drop|subscriber|name|alias|id|userid|customer|destination|contact|employee|virtual user)\b/,
  /user[ _-]?unknown|unknown[ _-]user|not listed in (?:the )?(?:domino|public|name|address)/,
  /user not found|no mailbox (?:here )?by that name/,
  /(?:no|not) (?:a )?(?:valid )?(?:recipient|mailbox)/,
  /this (?:user|address|account|recipient)[^.;]{0,40}(?:doesn't|does not|no longer|not)/,
  /mail ?box (?:is )?(?:unavailable|not available)(?! ?\(in|;? ?temp)/,
  /address (?:invalid|error|not present|does not exist|unknown|couldn't)/,
  /unknown (?:local|address|recipient)|who\? /,
  /delivery to the following recipient failed permanently: address/,
  /recipient name is not recognized|5\.1\.1|we have no (?:mailbox|user)/,
  /there is no (?:one|user|such|mailbox|account)|is not one of our users|nosuchuser/,
  /recipnotfound|recipient ?notfound|resolver\.adr\.|adresse inconnue/,
  /adresse d'?\s?au moins un destinataire invalide|usuario (?:desconocido|no existe)/,
  /utente sconosciuto|benutzer unbekannt|empf.nger unbekannt/,
  /unbekannt\w* (?:empf|benutz|adress)|destinatario desconocido|conta inexistente/,
  /dear sender, [^.]*user|not in directory|no account by that name|ldap .{0,20}not found/,
  /user reject|no recipients? (?:match|found)/,
  /recipient[^.;]{0,15} (?:is )?(?:refused|rejected): (?:no|unknown)/,
  /requested (?:mail )?action not taken: (?:mailbox unavailable|mailbox not found|no such)/,
];

export const expired: Words = [
  /(?:retry|queue|delivery|lifetime|retention)[^.;]{0,30}(?:time ?-?out|timeout exceeded|time expired|expired|period)/,
  /too long in (?:the )?queue|in the queue too long|been in queue|message expired/,
  /(?:could|can|was|were|cannot)(?: not|n't)?[^.;]{0,40} be (?:delivered|sent) (?:for|within|in|after) /,
  /(?:connection|operation|session|conversation|connect|read|command)[^.;]{0,40} (?:timed? ?-?out|timeout)/,
  /timed out|(?:giving|gave) up|delivery time expired/,
  /not (?:been )?delivered (?:for|within|in|after) |undeliver\w+ (?:for|within|in|after) /,
  /cannot send message (?:for|within)|unable to deliver[^.;]{0,60}(?:for|within|after) [\d]/,
  /could not be delivered for/,
  /(?:has|have) been (?:unable|trying)[^;]{0,30}(?:days|hours|minutes)/,
  /no (?:longer )?response|too many failures|delivery attempts? exceeded|was aborted after/,
  /(?:exceeded|maximum)[^.;]{0,20}(?:retr|attempts|time)|will not be (?:re)?tried/,
  /retries? exhausted|deferred: connection|it has not been collected after/,
  /hosts have been failing|could not find a gateway/,
];

export const networkError: Words = [
  /(?:connection|connect)[^.;]{0,60}(?:refused|reset|dropped|lost|closed|aborted|failed|broken)/,
  /no route to host|network (?:is )?(?:unreachable|error)|host (?:is )?(?:down|unreachable)/,
  /could not connect|couldn't (?:connect|make|establish)|unable to connect/,
  /establish[^.;]{0,15} (?:an? )?(?:smtp )?connection|hop count exceeded|too many hops/,
  /(?:mail|routing|forwarding)[^.;]{0,10} loop|loops? back to (?:me|myself)/,
  /mail for [^\s]+ loops back|unable to route|dns (?:server|temporar|query|type|soft)/,
  /name server: [^\s]+: host name lookup failure|host name lookup failure/,
  /temporary (?:lookup|dns)|try again later|local configuration error|message looping/,
  /maximum hop|all relevant mx|nameserver|(?:pop|name service) error/,
  /server (?:is )?not respond|malformed or unexpected name server reply|loop detected/,
  /excessive hops|mx records? (?:point|list)|cannot find your mx/,
  /dns lookup failure: .{0,60}(?:timeout|temporar)/,
];

export const rateLimited: Words = [
  /rate ?-?limit|too (?:fast|quickly|frequent)|throttl/,
  /(?:messages?|mail|rate|recipients)[^.;]{0,30}(?:per|this) (?:hour|minute|day|second)/,
  /unusual rate|sending limit|slow down/,
];

export const programFailed: Words = [
  /command (?:died|output|failed|timed out)|procmail: |child process|exit status|x-unix/,
];

/** A list or group that takes no mail from us. */
export const groupRefused: Words = [/google ?groups|groups\.google\.com/];
