/**
 * Latent-semantic directions of a corpus: the strongest right singular vectors of its TF-IDF
 * matrix, found by randomized subspace iteration. Sources: S. Deerwester et al., "Indexing by
 * latent semantic analysis" (1990); N. Halko, P. Martinsson, J. Tropp, "Finding structure with
 * randomness" (SIAM Review 53, 2011), algorithm 4.4.
 */

/** Rows of a sparse matrix, one after the other. Row r stands at `starts[r]` to `starts[r + 1]`. */
export type SparseRows = {
  readonly starts: Uint32Array;
  readonly columns: Uint16Array;
  readonly values: Float32Array;
};

export type LatentOptions = {
  readonly columns: number;
  readonly dims: number;
  readonly iterations: number;
  readonly onProgress?: (done: number, of: number) => void;
};

/** Deterministic, so that the same corpus gives the same vectors on every machine. */
const seed = 0x9e3779b9;

/** A basis of `columns` rows with `dims` numbers each, strongest direction first, orthonormal. */
export const findDirections = (rows: SparseRows, options: LatentOptions): Float32Array => {
  const { columns, dims, iterations } = options;
  let basis = gaussian(columns * dims);
  let image = basis;
  for (let step = 0; step < iterations; step += 1) {
    image = orthonormalized(timesGram(rows, basis, columns, dims), columns, dims);
    basis = image;
    options.onProgress?.(step + 1, iterations + 1);
  }
  const turned = rotated(basis, timesGram(rows, basis, columns, dims), columns, dims);
  options.onProgress?.(iterations + 1, iterations + 1);
  return turned;
};

/** AᵀA·B in one pass over the rows: no matrix as tall as the corpus is ever held. */
const timesGram = (
  { starts, columns, values }: SparseRows,
  basis: Float32Array,
  width: number,
  dims: number,
): Float32Array => {
  const product = new Float32Array(width * dims);
  const row = new Float32Array(dims);
  for (let r = 0; r + 1 < starts.length; r += 1) {
    const [from, to] = [starts[r] as number, starts[r + 1] as number];
    row.fill(0);
    for (let i = from; i < to; i += 1) {
      const value = values[i] as number;
      const base = (columns[i] as number) * dims;
      for (let d = 0; d < dims; d += 1)
        row[d] = (row[d] as number) + value * (basis[base + d] as number);
    }
    for (let i = from; i < to; i += 1) {
      const value = values[i] as number;
      const base = (columns[i] as number) * dims;
      for (let d = 0; d < dims; d += 1)
        product[base + d] = (product[base + d] as number) + value * (row[d] as number);
    }
  }
  return product;
};

/** The lower half of `tall`ᵀ·`other`, both `height` × `dims`: of the products here the upper is the same. */
const crossProduct = (
  tall: Float32Array,
  other: Float32Array,
  height: number,
  dims: number,
): Float64Array => {
  const product = new Float64Array(dims * dims);
  for (let r = 0; r < height; r += 1) {
    const base = r * dims;
    for (let i = 0; i < dims; i += 1) {
      const value = tall[base + i] as number;
      if (value === 0) continue;
      const line = i * dims;
      for (let j = 0; j <= i; j += 1)
        product[line + j] = (product[line + j] as number) + value * (other[base + j] as number);
    }
  }
  return product;
};

// Cholesky QR: with G = LLᵀ the columns of Z·L⁻ᵀ are orthonormal. A ridge keeps directions that a
// small corpus does not have from dividing by nothing.
const orthonormalized = (tall: Float32Array, height: number, dims: number): Float32Array => {
  const gram = crossProduct(tall, tall, height, dims);
  const lower = cholesky(gram, dims);
  for (let r = 0; r < height; r += 1) {
    const base = r * dims;
    for (let i = 0; i < dims; i += 1) {
      let value = tall[base + i] as number;
      const line = i * dims;
      for (let j = 0; j < i; j += 1)
        value -= (lower[line + j] as number) * (tall[base + j] as number);
      tall[base + i] = value / (lower[line + i] as number);
    }
  }
  return tall;
};

const cholesky = (gram: Float64Array, dims: number): Float64Array => {
  const lower = new Float64Array(dims * dims);
  let trace = 0;
  for (let i = 0; i < dims; i += 1) trace += gram[i * dims + i] as number;
  const ridge = (trace / dims) * 1e-10 + 1e-30;
  for (let i = 0; i < dims; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = (gram[i * dims + j] as number) + (i === j ? ridge : 0);
      for (let k = 0; k < j; k += 1)
        sum -= (lower[i * dims + k] as number) * (lower[j * dims + k] as number);
      lower[i * dims + j] =
        i === j ? Math.sqrt(Math.max(sum, ridge)) : sum / (lower[j * dims + j] as number);
    }
  return lower;
};

/** The basis turned to the singular vectors within its span (Rayleigh–Ritz), strongest first. */
const rotated = (
  basis: Float32Array,
  image: Float32Array,
  height: number,
  dims: number,
): Float32Array => {
  const { vectors, order } = symmetricEigen(crossProduct(basis, image, height, dims), dims);
  const turned = new Float32Array(height * dims);
  for (let r = 0; r < height; r += 1) {
    const base = r * dims;
    for (let i = 0; i < dims; i += 1) {
      const value = basis[base + i] as number;
      const line = i * dims;
      for (let j = 0; j < dims; j += 1)
        turned[base + j] =
          (turned[base + j] as number) + value * (vectors[line + (order[j] as number)] as number);
    }
  }
  return turned;
};

/** Cyclic Jacobi: sweeps of plane rotations until what is off the diagonal is nothing. */
const symmetricEigen = (
  matrix: Float64Array,
  n: number,
): { readonly vectors: Float64Array; readonly order: readonly number[] } => {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) vectors[i * n + i] = 1;
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < i; j += 1) {
      matrix[j * n + i] = matrix[i * n + j] as number;
    }
  for (let sweep = 0; sweep < 12; sweep += 1) if (!sweepOnce(matrix, vectors, n)) break;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (matrix[b * n + b] as number) - (matrix[a * n + a] as number),
  );
  return { vectors, order };
};

const sweepOnce = (matrix: Float64Array, vectors: Float64Array, n: number): boolean => {
  let turned = false;
  for (let p = 0; p < n; p += 1)
    for (let q = p + 1; q < n; q += 1) {
      const off = matrix[p * n + q] as number;
      const [a, b] = [matrix[p * n + p] as number, matrix[q * n + q] as number];
      if (Math.abs(off) <= 1e-9 * Math.sqrt(Math.abs(a * b)) + 1e-300) continue;
      turned = true;
      const theta = (b - a) / (2 * off);
      const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const cos = 1 / Math.sqrt(t * t + 1);
      const sin = t * cos;
      turnColumns(matrix, n, p, q, cos, sin);
      turnRows(matrix, n, p, q, cos, sin);
      turnColumns(vectors, n, p, q, cos, sin);
    }
  return turned;
};

const turnColumns = (m: Float64Array, n: number, p: number, q: number, c: number, s: number) => {
  for (let k = 0; k < n; k += 1) {
    const [x, y] = [m[k * n + p] as number, m[k * n + q] as number];
    m[k * n + p] = c * x - s * y;
    m[k * n + q] = s * x + c * y;
  }
};

const turnRows = (m: Float64Array, n: number, p: number, q: number, c: number, s: number) => {
  for (let k = 0; k < n; k += 1) {
    const [x, y] = [m[p * n + k] as number, m[q * n + k] as number];
    m[p * n + k] = c * x - s * y;
    m[q * n + k] = s * x + c * y;
  }
};

const gaussian = (size: number): Float32Array => {
  const random = generator(seed);
  const numbers = new Float32Array(size);
  for (let i = 0; i < size; i += 1)
    // Box–Muller.
    numbers[i] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return numbers;
};

// Mulberry32: enough for a sketch, and the same everywhere.
const generator = (start: number): (() => number) => {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};
