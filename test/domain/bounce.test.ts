import { describe, expect, it } from 'vitest';
import { arf, brief, dsn, read, words } from '../mail/reports.ts';

const failed = {
  'Final-Recipient': 'rfc822; ada@reader.example',
  Action: 'failed',
  Status: '5.1.1',
  'Diagnostic-Code': 'smtp; 550 5.1.1 <ada@reader.example>: no such user',
};

describe('a delivery report after RFC 3464', () => {
  it('gives recipient, verdict, status and reason', () => {
    expect(read(dsn([failed]))).toEqual([
      { recipient: 'ada@reader.example', verdict: 'hard', status: '5.1.1', reason: 'userunknown' },
    ]);
  });

  it('tells each recipient apart', () => {
    const full = {
      'Final-Recipient': 'rfc822; bo@reader.example',
      Action: 'failed',
      Status: '5.2.2',
      'Diagnostic-Code': 'smtp; 552 5.2.2 mailbox is over quota',
    };
    expect(brief(dsn([failed, full]))).toEqual([
      'ada@reader.example hard userunknown',
      'bo@reader.example soft mailboxfull',
    ]);
  });

  it('names a recipient once, whatever is said of them twice', () => {
    expect(brief(dsn([failed, failed]))).toHaveLength(1);
  });

  it.each(['delivered', 'relayed', 'expanded'])('is no bounce when the mail was %s', (action) => {
    expect(brief(dsn([{ ...failed, Action: action, Status: '2.0.0' }]))).toEqual([]);
  });

  it('takes the original recipient where the final one is a name of inner use', () => {
    const inner = { ...failed, 'Final-Recipient': 'rfc822; @lmtp:ada@store' };
    expect(brief(dsn([{ 'Original-Recipient': 'rfc822; ada@reader.example', ...inner }]))).toEqual([
      'ada@reader.example hard userunknown',
    ]);
  });

  it('believes the refusing host rather than a general 5.0.0', () => {
    expect(read(dsn([{ ...failed, Status: '5.0.0' }]))[0]?.status).toBe('5.1.1');
  });

  it.each([
    ['5.1.2', '550 5.1.2 host unknown', 'hard hostunknown'],
    ['5.1.6', '551 5.1.6 has moved', 'hard hasmoved'],
    ['5.7.1', '550 5.7.1 your host is listed in a block list', 'soft blocked'],
    ['5.7.1', '554 5.7.1 this looks like spam', 'soft spamdetected'],
    ['5.7.26', '550 5.7.26 the sender did not pass DMARC checks', 'soft authfailure'],
    ['4.4.7', '421 4.4.7 delivery time expired', 'soft expired'],
    ['5.2.1', '550 5.2.1 the account is disabled', 'soft suspend'],
    ['5.3.4', '552 5.3.4 message size exceeds the maximum', 'soft mesgtoobig'],
    ['5.0.0', '', 'soft undefined'],
  ])('with %s "%s" is %s', (status, text, expected) => {
    const block = { ...failed, Status: status, 'Diagnostic-Code': `smtp; ${text}` };
    expect(brief(dsn([block]))).toEqual([`ada@reader.example ${expected}`]);
  });

  it('does not blame the reader for a sender whose host is unknown', () => {
    const text = '553 5.1.8 domain of sender does not exist (in reply to MAIL FROM command)';
    expect(
      brief(dsn([{ ...failed, Status: '5.1.8', 'Diagnostic-Code': `smtp; ${text}` }])),
    ).toEqual(['ada@reader.example soft rejected']);
  });

  it('keeps an address whose host cannot be looked up just now', () => {
    const block = {
      ...failed,
      Action: 'delayed',
      Status: '4.4.3',
      'Diagnostic-Code': 'x; host unknown',
    };
    expect(brief(dsn([block]))).toEqual(['ada@reader.example soft networkerror']);
  });

  it('takes "user unknown" after the message itself for a filter', () => {
    const text = 'smtp; 550 user unknown (in reply to end of DATA command)';
    expect(brief(dsn([{ ...failed, Status: '5.0.0', 'Diagnostic-Code': text }]))).toEqual([
      'ada@reader.example soft filtered',
    ]);
  });

  it('reads nothing out of a recipient in no known form of address', () => {
    expect(brief(dsn([{ ...failed, 'Final-Recipient': 'pigeon/1; ada@reader.example' }]))).toEqual(
      [],
    );
  });
});

describe('a report in words', () => {
  it.each([
    ['an address and a colon', ['<ada@reader.example>:', 'Remote host said: 550 5.1.1 unknown']],
    [
      'an address on its own',
      ['Delivery failed for:', '', '  ada@reader.example', '', '550 5.1.1 no'],
    ],
    ['an address and its reason', ['ada@reader.example: 550 5.1.1 no such user']],
    [
      'a phrase before the address',
      ['Your message could not be delivered to ada@reader.example', '#5.1.1 no such user'],
    ],
    [
      'a transcript',
      [
        '>>> RCPT To:<ada@reader.example>',
        '<<< 550 no such user',
        '550 5.1.1 <ada@reader.example>... no',
      ],
    ],
  ])('is understood with %s', (_, body) => {
    expect(brief(words(body))).toEqual(['ada@reader.example hard userunknown']);
  });

  it('tells several recipients apart', () => {
    const body = [
      '<ada@reader.example>:',
      '192.0.2.1 does not like recipient.',
      'Remote host said: 550 no such user',
      '<bo@reader.example>:',
      '192.0.2.1 does not like recipient.',
      'Remote host said: 452 mailbox full',
    ];
    expect(brief(words(body))).toEqual([
      'ada@reader.example hard userunknown',
      'bo@reader.example soft mailboxfull',
    ]);
  });

  it('does not read the mail that came back', () => {
    const body = [
      '<ada@reader.example>:',
      'mailbox full',
      '--- Below this line is a copy of the message.',
      'To: <bo@reader.example>',
      '<cy@reader.example>: 550 5.1.1 no such user',
    ];
    expect(brief(words(body))).toEqual(['ada@reader.example soft mailboxfull']);
  });

  it('finds the recipient in the mail that came back when the words name none', () => {
    const body = ['550 5.1.1 no such user', '', 'Received: from us', 'To: <ada@reader.example>'];
    expect(brief(words(body))).toEqual(['ada@reader.example hard userunknown']);
  });

  it('is understood when somebody forwarded it', () => {
    const body = [
      'Begin forwarded message:',
      '> From: MAILER-DAEMON',
      '> Subject: Returned mail',
      '>',
      '> Final-Recipient: rfc822; ada@reader.example',
      '> Action: failed',
      '> Status: 5.1.1',
    ];
    expect(
      brief(words(body, ['From: us@paperboy.example', 'Subject: Fwd: Returned mail'])),
    ).toEqual(['ada@reader.example hard userunknown']);
  });
});

describe('what is no bounce', () => {
  const body = ['I am away until Monday. Write to bo@reader.example in urgent cases.'];

  it.each([
    [
      'an automatic answer',
      ['From: ada@reader.example', 'Auto-Submitted: auto-replied', 'Subject: Re: your digest'],
    ],
    [
      'an answer that only its subject gives away',
      ['From: ada@reader.example', 'Subject: Out of office'],
    ],
    ['a letter', ['From: ada@reader.example', 'Subject: Thank you']],
    ['a letter from a postmaster', ['From: postmaster@reader.example', 'Subject: A question']],
  ])('%s gives nothing', (_, headers) => {
    expect(brief(words(body, headers))).toEqual([]);
  });

  it('a letter that quotes a bounce as an enclosure gives nothing', () => {
    const letter = [
      'From: ada@reader.example',
      'Subject: look at this',
      'Content-Type: multipart/mixed; boundary=cut',
      '',
      '--cut',
      'Content-Type: text/plain',
      '',
      'Is this yours?',
      '--cut',
      'Content-Type: message/rfc822',
      '',
      ...dsn([failed]),
      '--cut--',
    ];
    expect(brief(letter)).toEqual([]);
  });

  it.each(['', 'not a mail', '\u0000\u0001', 'Content-Type: multipart/mixed; boundary=x\n\n--x--'])(
    'bytes that make no sense give nothing: %j',
    (text) => expect(brief([text])).toEqual([]),
  );
});

describe('a feedback report after RFC 5965', () => {
  const enclosed = ['To: ada@reader.example', 'Subject: your digest', '', 'Hello'];

  it('is a complaint', () => {
    const report = ['Feedback-Type: abuse', 'Original-Rcpt-To: <ada@reader.example>'];
    expect(brief(arf(report, enclosed))).toEqual(['ada@reader.example complaint feedback']);
  });

  it('without a recipient speaks of whom the enclosed mail went to', () => {
    expect(brief(arf(['Feedback-Type: abuse'], enclosed))).toEqual([
      'ada@reader.example complaint feedback',
    ]);
  });

  it('may ask to be taken off the list', () => {
    const report = ['Feedback-Type: opt-out', 'Removal-Recipient: ada@reader.example'];
    expect(brief(arf(report, enclosed))).toEqual(['ada@reader.example opt-out feedback']);
  });

  it.each(['auth-failure', 'not-spam'])('of type %s is no complaint', (type) => {
    expect(brief(arf([`Feedback-Type: ${type}`], enclosed))).toEqual([]);
  });
});

describe('a notification of Amazon SES by mail', () => {
  const notification = (body: object) =>
    words(
      [JSON.stringify({ Type: 'Notification', Message: JSON.stringify(body) })],
      ['From: no-reply@sns.example', 'Subject: AWS Notification Message'],
    );

  it('of a permanent bounce is hard', () => {
    const bounce = {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        { emailAddress: 'ada@reader.example', status: '5.1.1', action: 'failed' },
      ],
    };
    expect(brief(notification({ notificationType: 'Bounce', bounce }))).toEqual([
      'ada@reader.example hard userunknown',
    ]);
  });

  it('of a complaint is one', () => {
    const complaint = { complainedRecipients: [{ emailAddress: 'ada@reader.example' }] };
    expect(brief(notification({ notificationType: 'Complaint', complaint }))).toEqual([
      'ada@reader.example complaint feedback',
    ]);
  });

  it('of a delivery is nothing', () => {
    expect(brief(notification({ notificationType: 'Delivery', delivery: {} }))).toEqual([]);
  });
});

// Patterns that go back and forth over such a text would take hours for it.
it.each(['\n', ' ', 'a@', '<style', 'user unknown ', '<a@b.example>\n', 'To: a@b.example, '])(
  'a megabyte of %j is read as anything else',
  (unit) => {
    const flood = `${unit.repeat(Math.floor(1_000_000 / unit.length))}!`;
    for (const type of ['text/plain', 'text/html', 'message/delivery-status'])
      expect(brief(words([flood], ['From: MAILER-DAEMON', `Content-Type: ${type}`]))).toBeDefined();
  },
);

it.each(['<br', '</p', '<style', '&lt;'])('64 KB of %s in a report are read in no time', (tag) => {
  const hostile = tag.repeat(16_384);
  const from = process.cpuUsage();
  read(
    words(
      [hostile],
      [
        'From: MAILER-DAEMON@mx.reader.example',
        'Subject: failure notice',
        'Content-Type: text/html',
      ],
    ),
  );
  // It took seconds; a machine under load shall not fail this.
  expect(process.cpuUsage(from).user / 1000).toBeLessThan(500);
});
