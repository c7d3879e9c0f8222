/**
 * arXiv's category taxonomy, as published at https://arxiv.org/category_taxonomy (names verbatim).
 * Every category is a built-in topic, so the list holds whatever a listing may carry: all current
 * categories, and both codes of each alias pair. An ACM or MSC class (`I.2.7`, `68T50`), which some
 * records mix in with the categories, is not one and is not found here; nor are the archives that
 * closed in the 1990s (`cmp-lg`, `alg-geom`).
 */

export type Category = {
  readonly code: string;
  readonly name: string;
  readonly group: string;
};

type Entry = readonly [code: string, name: string];

/**
 * Grouped for a form's picker, in the order it shows them. arXiv files the whole of physics under
 * one group; here it is split by archive, and archives without subdivisions share a group.
 */
const table: Readonly<Record<string, readonly Entry[]>> = {
  'Computer Science': [
    ['cs.AI', 'Artificial Intelligence'],
    ['cs.AR', 'Hardware Architecture'],
    ['cs.CC', 'Computational Complexity'],
    ['cs.CE', 'Computational Engineering, Finance, and Science'],
    ['cs.CG', 'Computational Geometry'],
    ['cs.CL', 'Computation and Language'],
    ['cs.CR', 'Cryptography and Security'],
    ['cs.CV', 'Computer Vision and Pattern Recognition'],
    ['cs.CY', 'Computers and Society'],
    ['cs.DB', 'Databases'],
    ['cs.DC', 'Distributed, Parallel, and Cluster Computing'],
    ['cs.DL', 'Digital Libraries'],
    ['cs.DM', 'Discrete Mathematics'],
    ['cs.DS', 'Data Structures and Algorithms'],
    ['cs.ET', 'Emerging Technologies'],
    ['cs.FL', 'Formal Languages and Automata Theory'],
    ['cs.GL', 'General Literature'],
    ['cs.GR', 'Graphics'],
    ['cs.GT', 'Computer Science and Game Theory'],
    ['cs.HC', 'Human-Computer Interaction'],
    ['cs.IR', 'Information Retrieval'],
    ['cs.IT', 'Information Theory'],
    ['cs.LG', 'Machine Learning'],
    ['cs.LO', 'Logic in Computer Science'],
    ['cs.MA', 'Multiagent Systems'],
    ['cs.MM', 'Multimedia'],
    ['cs.MS', 'Mathematical Software'],
    ['cs.NA', 'Numerical Analysis'],
    ['cs.NE', 'Neural and Evolutionary Computing'],
    ['cs.NI', 'Networking and Internet Architecture'],
    ['cs.OH', 'Other Computer Science'],
    ['cs.OS', 'Operating Systems'],
    ['cs.PF', 'Performance'],
    ['cs.PL', 'Programming Languages'],
    ['cs.RO', 'Robotics'],
    ['cs.SC', 'Symbolic Computation'],
    ['cs.SD', 'Sound'],
    ['cs.SE', 'Software Engineering'],
    ['cs.SI', 'Social and Information Networks'],
    ['cs.SY', 'Systems and Control'],
  ],
  Economics: [
    ['econ.EM', 'Econometrics'],
    ['econ.GN', 'General Economics'],
    ['econ.TH', 'Theoretical Economics'],
  ],
  'Electrical Engineering and Systems Science': [
    ['eess.AS', 'Audio and Speech Processing'],
    ['eess.IV', 'Image and Video Processing'],
    ['eess.SP', 'Signal Processing'],
    ['eess.SY', 'Systems and Control'],
  ],
  Mathematics: [
    ['math.AC', 'Commutative Algebra'],
    ['math.AG', 'Algebraic Geometry'],
    ['math.AP', 'Analysis of PDEs'],
    ['math.AT', 'Algebraic Topology'],
    ['math.CA', 'Classical Analysis and ODEs'],
    ['math.CO', 'Combinatorics'],
    ['math.CT', 'Category Theory'],
    ['math.CV', 'Complex Variables'],
    ['math.DG', 'Differential Geometry'],
    ['math.DS', 'Dynamical Systems'],
    ['math.FA', 'Functional Analysis'],
    ['math.GM', 'General Mathematics'],
    ['math.GN', 'General Topology'],
    ['math.GR', 'Group Theory'],
    ['math.GT', 'Geometric Topology'],
    ['math.HO', 'History and Overview'],
    ['math.IT', 'Information Theory'],
    ['math.KT', 'K-Theory and Homology'],
    ['math.LO', 'Logic'],
    ['math.MG', 'Metric Geometry'],
    ['math.MP', 'Mathematical Physics'],
    ['math.NA', 'Numerical Analysis'],
    ['math.NT', 'Number Theory'],
    ['math.OA', 'Operator Algebras'],
    ['math.OC', 'Optimization and Control'],
    ['math.PR', 'Probability'],
    ['math.QA', 'Quantum Algebra'],
    ['math.RA', 'Rings and Algebras'],
    ['math.RT', 'Representation Theory'],
    ['math.SG', 'Symplectic Geometry'],
    ['math.SP', 'Spectral Theory'],
    ['math.ST', 'Statistics Theory'],
  ],
  Astrophysics: [
    ['astro-ph.CO', 'Cosmology and Nongalactic Astrophysics'],
    ['astro-ph.EP', 'Earth and Planetary Astrophysics'],
    ['astro-ph.GA', 'Astrophysics of Galaxies'],
    ['astro-ph.HE', 'High Energy Astrophysical Phenomena'],
    ['astro-ph.IM', 'Instrumentation and Methods for Astrophysics'],
    ['astro-ph.SR', 'Solar and Stellar Astrophysics'],
  ],
  'Condensed Matter': [
    ['cond-mat.dis-nn', 'Disordered Systems and Neural Networks'],
    ['cond-mat.mes-hall', 'Mesoscale and Nanoscale Physics'],
    ['cond-mat.mtrl-sci', 'Materials Science'],
    ['cond-mat.other', 'Other Condensed Matter'],
    ['cond-mat.quant-gas', 'Quantum Gases'],
    ['cond-mat.soft', 'Soft Condensed Matter'],
    ['cond-mat.stat-mech', 'Statistical Mechanics'],
    ['cond-mat.str-el', 'Strongly Correlated Electrons'],
    ['cond-mat.supr-con', 'Superconductivity'],
  ],
  'High Energy Physics': [
    ['hep-ex', 'High Energy Physics - Experiment'],
    ['hep-lat', 'High Energy Physics - Lattice'],
    ['hep-ph', 'High Energy Physics - Phenomenology'],
    ['hep-th', 'High Energy Physics - Theory'],
  ],
  'Nuclear Physics': [
    ['nucl-ex', 'Nuclear Experiment'],
    ['nucl-th', 'Nuclear Theory'],
  ],
  'Quantum, Gravitational and Mathematical Physics': [
    ['gr-qc', 'General Relativity and Quantum Cosmology'],
    ['math-ph', 'Mathematical Physics'],
    ['quant-ph', 'Quantum Physics'],
  ],
  'Nonlinear Sciences': [
    ['nlin.AO', 'Adaptation and Self-Organizing Systems'],
    ['nlin.CD', 'Chaotic Dynamics'],
    ['nlin.CG', 'Cellular Automata and Lattice Gases'],
    ['nlin.PS', 'Pattern Formation and Solitons'],
    ['nlin.SI', 'Exactly Solvable and Integrable Systems'],
  ],
  Physics: [
    ['physics.acc-ph', 'Accelerator Physics'],
    ['physics.ao-ph', 'Atmospheric and Oceanic Physics'],
    ['physics.app-ph', 'Applied Physics'],
    ['physics.atm-clus', 'Atomic and Molecular Clusters'],
    ['physics.atom-ph', 'Atomic Physics'],
    ['physics.bio-ph', 'Biological Physics'],
    ['physics.chem-ph', 'Chemical Physics'],
    ['physics.class-ph', 'Classical Physics'],
    ['physics.comp-ph', 'Computational Physics'],
    ['physics.data-an', 'Data Analysis, Statistics and Probability'],
    ['physics.ed-ph', 'Physics Education'],
    ['physics.flu-dyn', 'Fluid Dynamics'],
    ['physics.gen-ph', 'General Physics'],
    ['physics.geo-ph', 'Geophysics'],
    ['physics.hist-ph', 'History and Philosophy of Physics'],
    ['physics.ins-det', 'Instrumentation and Detectors'],
    ['physics.med-ph', 'Medical Physics'],
    ['physics.optics', 'Optics'],
    ['physics.plasm-ph', 'Plasma Physics'],
    ['physics.pop-ph', 'Popular Physics'],
    ['physics.soc-ph', 'Physics and Society'],
    ['physics.space-ph', 'Space Physics'],
  ],
  'Quantitative Biology': [
    ['q-bio.BM', 'Biomolecules'],
    ['q-bio.CB', 'Cell Behavior'],
    ['q-bio.GN', 'Genomics'],
    ['q-bio.MN', 'Molecular Networks'],
    ['q-bio.NC', 'Neurons and Cognition'],
    ['q-bio.OT', 'Other Quantitative Biology'],
    ['q-bio.PE', 'Populations and Evolution'],
    ['q-bio.QM', 'Quantitative Methods'],
    ['q-bio.SC', 'Subcellular Processes'],
    ['q-bio.TO', 'Tissues and Organs'],
  ],
  'Quantitative Finance': [
    ['q-fin.CP', 'Computational Finance'],
    ['q-fin.EC', 'Economics'],
    ['q-fin.GN', 'General Finance'],
    ['q-fin.MF', 'Mathematical Finance'],
    ['q-fin.PM', 'Portfolio Management'],
    ['q-fin.PR', 'Pricing of Securities'],
    ['q-fin.RM', 'Risk Management'],
    ['q-fin.ST', 'Statistical Finance'],
    ['q-fin.TR', 'Trading and Market Microstructure'],
  ],
  Statistics: [
    ['stat.AP', 'Applications'],
    ['stat.CO', 'Computation'],
    ['stat.ME', 'Methodology'],
    ['stat.ML', 'Machine Learning'],
    ['stat.OT', 'Other Statistics'],
    ['stat.TH', 'Statistics Theory'],
  ],
};

export const categories: readonly Category[] = Object.entries(table).flatMap(([group, entries]) =>
  entries.map(([code, name]) => ({ code, name, group })),
);

const byCode: ReadonlyMap<string, Category> = new Map(
  categories.map((category) => [category.code.toLowerCase(), category]),
);

const archives: ReadonlySet<string> = new Set(
  [...byCode.keys()].map((code) => code.split('.', 1)[0] ?? code),
);

/**
 * Alias code → the code arXiv prefers. An alias is one category under two codes: a paper filed in
 * either appears in the listings of both, and its record usually carries both codes.
 */
export const aliases: Readonly<Record<string, string>> = {
  'cs.NA': 'math.NA', // numerical analysis, kept in cs for its older papers
  'cs.SY': 'eess.SY', // systems and control, moved to eess when that archive opened
  'math.IT': 'cs.IT', // information theory, shown to mathematicians too
  'math.MP': 'math-ph', // mathematical physics, which is an archive of its own
  'q-fin.EC': 'econ.GN', // economics, in finance before the econ archive opened
  'stat.TH': 'math.ST', // statistics theory, shown to statisticians too
};

/**
 * The category of a code in any letter case (`CS.cl`), or undefined. An archive that has
 * subdivisions is none, though papers from before it was divided still carry it (`astro-ph`).
 */
export const findCategory = (code: string): Category | undefined => byCode.get(code.toLowerCase());

/**
 * Whether a code, in any letter case, names a current archive: what stands before the dot (`cs`,
 * `astro-ph`), or a category without subdivisions, which is its own archive (`hep-th`).
 */
export const isArchive = (code: string): boolean => archives.has(code.toLowerCase());
