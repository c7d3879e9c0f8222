/** Papers as an enemy would write them, in the form `import` reads. Everything in them is made up. */
const rlo = '\u202E';

const hostile: readonly string[] = [
  '<script>document.title = "taken"</script>',
  '"><img src=x onerror="document.title=1">',
  "' onmouseover='alert(1)' x='",
  '</title></style></td></tr></table><h1 style="position:fixed;font-size:999px">All yours</h1>',
  '<a href="javascript:alert(1)">free grants</a> javascript:alert(1) data:text/html,<b>',
  '{{links.manage}} {{{papers}}} {{#each papers}}{{/each}} <%= secret %>',
  `${rlo}evil\u2066.exe\u2069 \u200F\u061C abc ${rlo}`,
  'x'.repeat(5_000),
  `${'👩‍🔬'.repeat(900)} ${'語'.repeat(2_500)}`,
  '!!! ??? *** --- ===',
  'One\u0000two\u0007three\u001B[31mred\u009B0m\r\nBcc: all@example.org\r\n\r\n.\r\nfour',
  '\uFDD0\uFDD2links.manage\uFDD3\uFDD1 \uD800 alone \uFFFE',
  'z\u0351\u0352\u0357'.repeat(800),
  '$\\frac{\\frac{\\frac{\\href{javascript:alert(1)}{x}}}$ \\begin{evil} $$$ \\\\\\',
  '\u200B\u2060\uFEFF',
  '-- \n_______\n.\n..\nFrom nobody',
  'نماذج صغيرة <b>لقراءة</b> المخطوطات (GPT-4): 97.3 % في 3 دقائق!',
  '“שלום” onload=alert(1) – מודלים קטנים: x² + y²',
];

export const hostileTexts = hostile;

/** A line of JSON for each; some fall apart on the way in, which is as good an end as any. */
export const hostileLines = (): readonly string[] =>
  hostile.map((text, index) =>
    JSON.stringify({
      arxivId: `2603.6${String(index).padStart(4, '0')}`,
      title: text,
      abstract: index % 2 === 0 ? `${text} ${text}` : text,
      authors: [text, 'Mira Okonkwo', text, text],
      categories: ['cs.CL'],
      listedOn: '2026-03-20',
      comment: text,
      codeUrl:
        index % 3 === 0
          ? 'javascript:alert(1)'
          : `https://code.example/${encodeURI(text.slice(0, 9).replace(/[\uD800-\uDFFF]/g, ''))}"><b>`,
      summary: index % 4 === 0 ? text : '',
      summaryBy: text.slice(0, 200),
    }),
  );
