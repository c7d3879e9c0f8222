import { describe, expect, it, test } from 'vitest';
import { foldText, renderTex } from '../../src/domain/tex.ts';

const shows = (rows: readonly (readonly [raw: string, shown: string])[]): void => {
  it.each(rows)('%s → %s', (raw, shown) => {
    expect(renderTex(raw)).toBe(shown);
  });
};

describe('accents and letters of names', () => {
  shows([
    [String.raw`Ren\'e and Zo\"{e} of M\"unster`, 'René and Zoë of Münster'],
    [String.raw`\v{S}\'{\i}pek, Fran\c cois, {\L}uk`, 'Šípek, François, Łuk'],
    [String.raw`S\o ren, \AA rhus, Stra\ss e`, 'Søren, Å rhus, Straße'],
    [String.raw`S{\o}ren, {\aa}, \oe uvre, Pe\~na, na\"\i ve`, 'Søren, å, œuvre, Peña, naïve'],
    [String.raw`P\'olya, H\H{o}r, Br\u{a}ila, Z\.{a}k`, 'Pólya, Hőr, Brăila, Zȧk'],
    [String.raw`Nguy\~ên`, 'Nguyễn'],
    [String.raw`\b{eta}-phase, \k{appa} = 2, 3 \r{A}`, 'β-phase, κ = 2, 3 Å'],
  ]);
});

describe('formulas', () => {
  shows([
    ['CO$_2$ in air', 'CO₂ in air'],
    ['$x^2 + y_i$', 'x² + yᵢ'],
    ['about $10^{-3}$ of it', 'about 10⁻³ of it'],
    [String.raw`$k_{\mathrm{eff}}$`, 'k_eff'],
    [String.raw`$\alpha$, $\Omega$, $\varepsilon$`, 'α, Ω, ε'],
    [String.raw`$x \in \mathbb{R}^{n \times m}$`, 'x ∈ ℝ^(n×m)'],
    [String.raw`$\mathcal{O}(n\log n)$`, 'O(n log n)'],
    [String.raw`$\widetilde{O}(\sqrt{n}/\epsilon)$`, 'Õ(√n/ϵ)'],
    [String.raw`$\sqrt{x+1} + \sqrt[3]{8}$`, '√(x+1) + ∛8'],
    [String.raw`$\frac{a}{b}$, $\frac{a+b}{2}$, $\frac{1}{2m}$`, 'a/b, (a+b)/2, 1/(2m)'],
    [String.raw`$\frac12x$, $\tfrac{\log n}{n}$`, '(1/2)x, (log n)/n'],
    [String.raw`$a \leq b \to \infty$`, 'a ≤ b → ∞'],
    [String.raw`$\lambda x\in A$, $\sim 5$, $3\times 4$`, 'λx∈A, ∼5, 3×4'],
    [String.raw`$\sum_{i=1}^{n} x_i$`, '∑ᵢ₌₁ⁿ xᵢ'],
    [String.raw`$\left\langle a, b \right\rangle$, $\|v\|$`, '⟨a, b⟩, ‖v‖'],
    [String.raw`$\bar{p}$, $\hat H$, $\vec v$, $\dot{q}$`, 'p̄, Ĥ, v⃗, q̇'],
    [String.raw`$45^\circ$, 90$^{\circ}$C, 360{\deg}`, '45°, 90°C, 360°'],
    [String.raw`$f'(x)$, $A^{*}$, $B^\top$`, 'f′(x), A*, Bᵀ'],
    [String.raw`$x \not= y$, $a \not\in B$`, 'x ≠ y, a ∉ B'],
    [String.raw`$p(x \mid y) \text{ if } y > 0$`, 'p(x ∣ y) if y > 0'],
    [String.raw`\(a^2\) and \[b_1\] and $$c$$`, 'a² and b₁ and c'],
    [String.raw`\begin{equation} a = b \end{equation}`, 'a = b'],
    [String.raw`$\textit{T$_c$}$ and $T_{\rm C}$`, 'T_c and T_C'],
    [String.raw`$t={5.4\,{\rm m}^{-1}}$, $10\,000$`, 't=5.4 m⁻¹, 10000'],
    [String.raw`$\mathrm{Ga_2O_3}$, \ce{H2SO4}, \ce{Fe^{3+}}`, 'Ga₂O₃, H₂SO₄, Fe³⁺'],
    [String.raw`2\textsuperscript{nd}, O\textsubscript{2}, an \ell_1 ball`, '2ⁿᵈ, O₂, an ℓ₁ ball'],
    [String.raw`\SI{20}{\micro\meter}, \SI{8}{\percent}`, '20 μm, 8%'],
    [String.raw`a$\unicode{x2014}$b`, 'a—b'],
  ]);
});

describe('mathematics without TeX', () => {
  shows([
    ['R^2 and 256^3 of (IA)^3, 10^-4 m', 'R² and 256³ of (IA)³, 10⁻⁴ m'],
    ['a 360^circ video', 'a 360° video'],
    ['pass^k, 2^1.5, ^2, a^1234', 'pass^k, 2^1.5, ^2, a^1234'],
    ['𝑛 of 𝐀 and 𝟗 in ℝ', 'n of A and 9 in ℝ'],
  ]);

  it('is compared as it is written, so that a paper keeps its place in the corpus', () => {
    expect(foldText('VILA^2')).toBe('VILA^2');
  });
});

describe('text commands', () => {
  shows([
    [String.raw`\textbf{Bold}, \emph{it}, \textsc{Sc}, {\em all}`, 'Bold, it, Sc, all'],
    [String.raw`\textbf{C}loud \textcolor{red}{red} {\bf b}`, 'Cloud red b'],
    [String.raw`5\% of A \& B, a\_b, \#1, \$5, \{x, y\}`, '5% of A & B, a_b, #1, $5, {x, y}'],
    [String.raw`as in~\cite{a,b}, and \citep[p. 3]{c} too`, 'as in, and too'],
    [String.raw`\url{https://a.example/b\_c~d}`, 'https://a.example/b_c~d'],
    [String.raw`\href{https://a.example}{the page}`, 'the page'],
    [String.raw`\href{https://a.example}{}`, 'https://a.example'],
    [String.raw`a note\footnote{Small.} here`, 'a note (Small.) here'],
    ["``double'' and `single' quotes", '“double” and ‘single’ quotes'],
    ['pages 3--5, and so --- done', 'pages 3–5, and so — done'],
    [String.raw`Fig.~3, et al.\ say, 5\,ms, \eg. this`, 'Fig. 3, et al. say, 5 ms, e.g. this'],
    ['{BERT}s and {C}ats', 'BERTs and Cats'],
  ]);
});

describe('what is unknown keeps its words', () => {
  shows([
    [String.raw`\foo{bar} and \foo{a}{b}`, 'bar and a b'],
    [String.raw`\ours{} beats \ours\ and \ours.`, 'ours beats ours and ours.'],
    [String.raw`$\foo x$`, 'foo x'],
    [String.raw`\textbf{open and $x^2$`, 'open and x²'],
    ['half } open { brace', 'half } open { brace'],
    ['a trailing \\', 'a trailing \\'],
    ['stray $ sign, then $n$', 'stray $ sign, then n'],
  ]);
});

describe('text without TeX is not touched', () => {
  const plain = [
    '',
    'A plain title: 100% of it, x^y and a_b & c',
    'costs $5 to $10 a month',
    'from $9 billion in 2025 to $49.6 billion',
    'sold for $100k, then $1,300 (or $1.3k)',
    'a tariff of $0.8-$1.5 per run, i.e. 4$ per hour',
    'between US$3/$5 and A$7',
    'about ~5 ms, 3~5 times, ~$2',
    'run it with --verbose or --max-turns=3 <!-- note --> a --> b',
    'the set {1, 2, 3}, {"a": 1} and https://a.example/{user}/x--y~z_1',
    'a `code span` and ``another``',
    'two\nlines  and spaces\t',
  ];
  it.each(plain)('%s', (text) => {
    expect(renderTex(text)).toBe(text);
  });

  it('keeps prices beside formulas', () => {
    expect(renderTex('pay $5 for $x_1$ and $6 for $y$')).toBe('pay $5 for x₁ and $6 for y');
    expect(renderTex(String.raw`under $20 (\textbf{not} $30) when $n > 3$`)).toBe(
      'under $20 (not $30) when n > 3',
    );
  });
});

describe('hostile input', () => {
  const nested = (open: string, close: string, times: number): string =>
    `${open.repeat(times)}word${close.repeat(times)}`;
  const hostile: readonly (readonly [name: string, raw: string])[] = [
    ['backslashes', '\\'.repeat(100_000)],
    ['braces', nested('{', '}', 10_000)],
    ['open braces', `${'{'.repeat(100_000)}word`],
    ['dollars', '$'.repeat(1_000_000)],
    ['spaced dollars', '$ '.repeat(200_000)],
    ['formulas in formulas', nested(String.raw`$\text{`, '}$', 20_000)],
    ['fractions', nested(String.raw`$\frac{1}{`, '}$', 20_000)],
    ['accents', `$${String.raw`\hat`.repeat(100_000)}$`],
    ['scripts', `$x${'^'.repeat(100_000)}$`],
    ['back-ticks', '` '.repeat(100_000)],
    ['half commands', String.raw`\cite[`.repeat(50_000)],
    ['spaces', `$x^{\\text{${' '.repeat(500_000)}word}}$`],
  ];
  it.each(hostile)('%s: no throw, no loss, linear time', (_, raw) => {
    const startedAt = performance.now();
    const shown = renderTex(raw);
    expect(performance.now() - startedAt).toBeLessThan(5_000); // a quadratic one takes minutes
    expect(shown.includes('word')).toBe(raw.includes('word'));
  });

  test('code points that are no characters show nothing', () => {
    expect(renderTex(String.raw`a\unicode{x0}\unicode{xD800}\unicode{x110000}b`)).toBe('ab');
  });

  test('names of object members are just unknown commands', () => {
    expect(renderTex(String.raw`\constructor, \toString`)).toBe('constructor, toString');
  });
});

test('rendering what was rendered changes nothing', () => {
  const raw = "\\'Etude of $\\frac{a}{b+c}$ -- ``$k_{\\rm eff}$'' for $5, \\$6 and CO$_2$";
  const shown = renderTex(raw);
  expect(shown).toBe('Étude of a/(b+c) – “k_eff” for $5, $6 and CO₂');
  expect(renderTex(shown)).toBe(shown);
});

test('foldText folds forms but not case', () => {
  expect(foldText('CO$_2$ and ﬁne Ångström')).toBe('CO2 and fine Ångström');
  expect(foldText(String.raw`$\mathbb{R}^2$`)).toBe('R2');
});
