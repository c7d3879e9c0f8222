// Symbol tables of tex.ts. Maps and Sets rather than objects: command names are hostile input,
// and `\constructor` must not find Object's.

const pairs = (table: string): ReadonlyMap<string, string> => {
  // Split at plain spaces only: a no-break space stands for a space within a value.
  const cells = table.trim().split(/[ \n]+/);
  const map = new Map<string, string>();
  for (let i = 0; i + 1 < cells.length; i += 2) {
    map.set(cells[i] ?? '', (cells[i + 1] ?? '').replaceAll('\u00a0', ' '));
  }
  return map;
};

const names = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

const alphabet = (plain: string, forms: string): ReadonlyMap<string, string> => {
  const shaped = [...forms];
  return new Map([...plain].map((char, i) => [char, shaped[i] ?? char]));
};

/** Ordinary symbols: they stand next to each other without a space. */
export const SYMBOLS = pairs(`
  alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
  kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
  varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω digamma ϝ
  Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ
  Nu Ν Xi Ξ Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω varGamma Γ varDelta Δ
  varTheta Θ varLambda Λ varPi Π varSigma Σ varPhi Φ varPsi Ψ varOmega Ω
  infty ∞ partial ∂ nabla ∇ hbar ħ hslash ħ ell ℓ imath ı jmath ȷ wp ℘ aleph ℵ beth ℶ mho ℧ eth ð
  emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ intercal ⊺ bot ⊥
  angle ∠ measuredangle ∡ prime ′ backprime ‵ degree ° celsius °C textcelsius °C percent %
  textpercent % ldots … dots … dotsc … dotsb … dotsm … dotsi … textellipsis … cdots ⋯ vdots ⋮
  ddots ⋱ hdots … square □ Box □ blacksquare ■ Diamond ◇ lozenge ◊ triangle △ bigtriangleup △
  triangledown ▽ blacktriangle ▲ bigcirc ○ bigstar ★ clubsuit ♣ diamondsuit ♦ heartsuit ♥
  spadesuit ♠ sharp ♯ flat ♭ natural ♮ checkmark ✓ cmark ✓ xmark ✗ dag † dagger † ddag ‡
  ddagger ‡ S § P ¶ copyright © registered ® trademark ™ pounds £ euro € cent ¢ yen ¥ AA Å
  angstrom Å ohm Ω permil ‰ perthousand ‰ therefore ∴ because ∵ surd √ complement ∁ Bbbk 𝕜
  backslash \\ lbrace { rbrace } vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ textbar | slash /
  textbackslash \\ textasciitilde ~ textasciicircum ^ textunderscore _ textdollar $ textgreater >
  textless < textbullet • textendash – textemdash — textquoteleft ‘ textquoteright ’
  textquotedblleft “ textquotedblright ” textquotesingle ' lq ‘ rq ’ colon : textcolon :
  LaTeX LaTeX TeX TeX item •
`);

/** Letters of names; as in TeX they take the space that ends the command: `S\o ren`. */
export const LETTERS = pairs(`
  o ø O Ø l ł L Ł ss ß SS ẞ ae æ AE Æ oe œ OE Œ aa å i ı j ȷ dh ð DH Ð dj đ DJ Đ th þ TH Þ ng ŋ
  NG Ŋ
`);

/** Relations and binary operators: a space before the command means a space after it too. */
export const OPERATORS = pairs(`
  times × div ÷ pm ± mp ∓ cdot · ast * star ⋆ circ ∘ bullet • otimes ⊗ oplus ⊕ ominus ⊖ odot ⊙
  oslash ⊘ cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖
  smallsetminus ∖ wr ≀ amalg ⨿ ltimes ⋉ rtimes ⋊ bowtie ⋈ diamond ⋄ boxtimes ⊠ boxplus ⊞ dotplus ∔
  leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ lt < gt >
  lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ leqq ≦ geqq ≧ lessgtr ≶ gtrless ≷ prec ≺ succ ≻
  preceq ⪯ succeq ⪰ sim ∼ simeq ≃ approx ≈ approxeq ≊ cong ≅ equiv ≡ propto ∝ varpropto ∝ asymp ≍
  doteq ≐ triangleq ≜ coloneqq := coloneq := eqqcolon =: in ∈ ni ∋ notin ∉ subset ⊂ supset ⊃
  subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ Subset ⋐ sqsubset ⊏ sqsubseteq ⊑
  sqsupseteq ⊒ perp ⊥ parallel ∥ nparallel ∦ mid ∣ nmid ∤ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨
  to → rightarrow → longrightarrow ⟶ xrightarrow → leftarrow ← gets ← longleftarrow ⟵
  xleftarrow ← leftrightarrow ↔ longleftrightarrow ⟷ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹
  Leftarrow ⇐ impliedby ⟸ Leftrightarrow ⇔ Longleftrightarrow ⟺ iff ⟺ mapsto ↦ longmapsto ⟼
  hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌
  rightleftarrows ⇄ leftrightarrows ⇆ rightrightarrows ⇉ leftleftarrows ⇇ rightsquigarrow ⇝
  leadsto ⇝ twoheadrightarrow ↠ nrightarrow ↛ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑
  Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ circlearrowright ↻ circlearrowleft ↺
  curvearrowright ↷ land ∧ gtrapprox ⪆ nleq ≰ ngeq ≱ lneq ⪇ gneq ⪈ nsim ≁ ncong ≇
`);

/** Operators that also stand before a number alone, glued to it: "∼5", "±1", "×2". */
export const PREFIXES: ReadonlySet<string> = new Set('±∓∼≈≃≅×·≲≳≤≥≪≫<>∝¬↑↓*∘');

/** Names and big operators: a space on each side where a letter or digit would touch. */
export const FUNCTIONS = new Map([
  ...[
    ...names(`log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max
      min sup inf lim arg det dim gcd ker deg hom Pr argmax argmin mod rank diag tr Tr sgn sign
      poly polylog softmax`),
  ].map((name): [string, string] => [name, name]),
  ...pairs(`
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂
    bigvee ⋁ bigwedge ⋀ bigsqcup ⨆ limsup lim\u00a0sup liminf lim\u00a0inf Re Re Im Im bmod mod
  `),
]);

export const FENCES = pairs(`
  langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrack [ rbrack ] llbracket ⟦ rrbracket ⟧
  ulcorner ⌜ urcorner ⌝ lparen ( rparen )
`);

/** House macros nearly every LaTeX paper defines for itself. */
export const PHRASES = pairs(`
  ie i.e. eg e.g. etc etc. cf cf. vs vs. iid i.i.d. etal et\u00a0al. wrt w.r.t. aka a.k.a. Eg E.g.
  Ie I.e.
`);

/** Accent command → combining character. The first row is text, the second mathematics. */
export const ACCENTS = pairs(`
  ' \u0301 \` \u0300 ^ \u0302 " \u0308 ~ \u0303 = \u0304 . \u0307 u \u0306 v \u030c H \u030b
  c \u0327 k \u0328 r \u030a b \u0331 d \u0323 t \u0361
  hat \u0302 widehat \u0302 tilde \u0303 widetilde \u0303 bar \u0304 overline \u0304 dot \u0307
  ddot \u0308 vec \u20d7 check \u030c widecheck \u030c breve \u0306 acute \u0301 grave \u0300
  mathring \u030a overrightarrow \u20d7
`);

export const SUPERSCRIPTS = alphabet(
  '0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤⊺∘*†‡′″‴°±®™⋆∗⊥',
  '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀᵀ°*†‡′″‴°±®™⋆∗⊥',
);

export const SUBSCRIPTS = alphabet(
  '0123456789+-−=()aehijklmnoprstuvx',
  '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ',
);

/** Only the double-struck capitals of the basic plane: every mail font has those. */
export const DOUBLE_STRUCK = alphabet('CHNPQRZ', 'ℂℍℕℙℚℝℤ');

/** One argument, shown as it is, in the mode of its surroundings. */
export const STYLES = names(`
  mathrm mathbf mathsf mathtt mathit mathnormal mathfrak mathscr mathcal mathds mathbin mathrel
  mathop mathord mathopen mathclose bm boldsymbol pmb frak underline uline ul uwave sout
  boxed underbrace overbrace substack smash ensuremath lowercase uppercase MakeUppercase
  hl gls Gls glspl ac acs acl acp acrshort acrlong acrfull bfse tit revise revised blue red
`);

/** One argument, shown as it is, in text mode even inside mathematics. */
export const TEXT_STYLES = names(`
  text emph textbf textit textrm textsf texttt textsc textsl textup textmd textnormal textmusic mbox
  hbox fbox intertext textsuperscript textsubscript
`);

/** Switches and layout: nothing to show, and the space after them goes too. */
export const DECLARATIONS = names(`
  rm bf it em sf tt sc sl cal mit bfseries itshape scshape ttfamily sffamily rmfamily mdseries
  upshape normalfont boldmath unboldmath tiny scriptsize footnotesize small normalsize large Large
  LARGE huge Huge displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber
  notag left right middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr
  noindent centering raggedright protect relax xspace allowbreak nobreak linebreak newline
  expandafter romannumeral footnotemark maketitle bigskip medskip smallskip hfill vfill selectfont
  leavevmode strut null negthinspace clearpage newpage pagebreak hline cyr
`);

/** Arguments of other commands: d is dropped, k is kept. */
export const ARGUMENTS = pairs(`
  cite d citep d citet d citeauthor d citeyear d citealp d parencite d textcite d autocite d
  footcite d nocite d label d ref d eqref d cref d Cref d autoref d pageref d vspace d hspace d
  phantom d vphantom d hphantom d mspace d skew d color dk textcolor dk colorbox dk href dk
  hyperlink dk hyperref k hypertarget dk texorpdfstring kd raisebox dk scalebox dk resizebox ddk
  rotatebox dk parbox dk multicolumn ddk multirow ddk fontsize dd setlength dd rule dd
  usepackage d hypersetup d includegraphics d pagestyle d thispagestyle d
`);

export const MATH_ENVIRONMENTS = names(`
  equation align aligned alignat gather gathered multline eqnarray displaymath math split
`);

export const UNITS = pairs(`
  meter m metre m gram g second s kelvin K ampere A mole mol candela cd hertz Hz newton N pascal Pa
  joule J watt W coulomb C volt V farad F ohm Ω siemens S weber Wb tesla T henry H celsius °C
  degreeCelsius °C degree ° angstrom Å electronvolt eV eV eV bar bar barn b liter L litre L minute
  min hour h day d year yr percent % decibel dB bel B byte B bit bit parsec pc arcsecond ″
  arcminute ′ radian rad sr sr dalton Da tonne t hectare ha lumen lm lux lx becquerel Bq
  femto f pico p nano n micro μ milli m centi c deci d kilo k mega M giga G tera T peta P
  per / squared ² square ² cubed ³ cubic ³
`);

/** One argument between two marks, parted by … */
export const WRAPPERS = pairs(`
  ket |…⟩ Ket |…⟩ bra ⟨…| Bra ⟨…| braket ⟨…⟩ abs |…| norm ‖…‖ ceil ⌈…⌉ floor ⌊…⌋ set {…}
  enquote “…” quotes “…” textquote “…” footnote (…) thanks (…)
`);
