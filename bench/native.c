// The yardstick: an episode of the softmax probe in plain C, with the steps of src/kernels/kernels.c and src/score/episodeProbes.ts.
// Compiled with -O3 -march=native -ffast-math, so that the compiler may use whatever lanes the machine has, and specialised by class count.
//   native features.f32 episodes.i32 d ways shots queries episodes
// episodes.i32: support rows, then query rows, of every episode, grouped by class. A line "n" on stdin: n rounds over all episodes, answered
// by "seconds-an-episode correct".
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INLINE static inline __attribute__((always_inline))
#define MOST_CLASSES 64

INLINE int least(int a, int b) { return a < b ? a : b; }
INLINE double dot(const double *restrict a, const double *restrict b, int count) {
  double s = 0;
  for (int j = 0; j < count; j++) s += a[j] * b[j];
  return s;
}

// ---- products -------------------------------------------------------------------------------------------------------------------------

#define DOTS(TYPE, NAME)                                                                                                                  \
  static void NAME(const TYPE *restrict x0, const TYPE *restrict x1, const double *restrict w0, const double *restrict w1,               \
                   const double *restrict w2, const double *restrict w3, int d, double *restrict out) {                                  \
    double a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;                                                               \
    for (int j = 0; j < d; j++) {                                                                                                        \
      const double u = x0[j], v = x1[j];                                                                                                 \
      a0 += u * w0[j]; a1 += u * w1[j]; a2 += u * w2[j]; a3 += u * w3[j];                                                                \
      b0 += v * w0[j]; b1 += v * w1[j]; b2 += v * w2[j]; b3 += v * w3[j];                                                                \
    }                                                                                                                                    \
    out[0] = a0; out[1] = a1; out[2] = a2; out[3] = a3; out[4] = b0; out[5] = b1; out[6] = b2; out[7] = b3;                              \
  }
DOTS(double, dotsDouble)
DOTS(float, dotsSingle)

static void gram(const double *z, int n, int d, double *out) {
  double s[8];
  for (int i = 0; i < n; i += 2) {
    const int last = least(i + 1, n - 1);
    for (int c = 0; c <= last; c += 4) {
      dotsDouble(z + i * d, z + last * d, z + c * d, z + least(c + 1, last) * d, z + least(c + 2, last) * d, z + least(c + 3, last) * d, d, s);
      for (int p = 0; p < 4 && c + p <= last; p++) {
        out[i * n + c + p] = out[(c + p) * n + i] = s[p];
        out[last * n + c + p] = out[(c + p) * n + last] = s[4 + p];
      }
    }
  }
}
static void products(const float *x, const int *rows, int count, const double *w, int cols, int d, double *out) {
  double s[8];
  for (int c = 0; c < cols; c += 4) {
    for (int i = 0; i < count; i += 2) {
      const int last = least(i + 1, count - 1);
      dotsSingle(x + rows[i] * d, x + rows[last] * d, w + c * d, w + least(c + 1, cols - 1) * d, w + least(c + 2, cols - 1) * d,
                 w + least(c + 3, cols - 1) * d, d, s);
      for (int p = 0; p < 4 && c + p < cols; p++) { out[i * cols + c + p] = s[p]; out[last * cols + c + p] = s[4 + p]; }
    }
  }
}
static void squares(const float *x, const int *rows, int count, int d, double *out) {
  for (int i = 0; i < count; i++) {
    const float *restrict row = x + rows[i] * d; double s = 0;
    for (int j = 0; j < d; j++) s += (double)row[j] * row[j];
    out[i] = s;
  }
}
// out[c] = sum over i of b[c][i] · z[i], blocks of columns that stay in registers and cache.
static void combine(const double *b, int cols, int n, const double *z, int d, double *out) {
  for (int c = 0; c < cols; c += 4) {
    const double *b0 = b + c * n, *b1 = b + least(c + 1, cols - 1) * n, *b2 = b + least(c + 2, cols - 1) * n, *b3 = b + least(c + 3, cols - 1) * n;
    for (int j0 = 0; j0 < d; j0 += 8) {
      const int width = least(d - j0, 8);
      double s[4][8] = {{0}};
      if (width == 8) {
        for (int i = 0; i < n; i++) {
          const double *restrict row = z + i * d + j0;
          for (int j = 0; j < 8; j++) { s[0][j] += b0[i] * row[j]; s[1][j] += b1[i] * row[j]; s[2][j] += b2[i] * row[j]; s[3][j] += b3[i] * row[j]; }
        }
      } else {
        for (int i = 0; i < n; i++) {
          const double *restrict row = z + i * d + j0;
          for (int j = 0; j < width; j++) { s[0][j] += b0[i] * row[j]; s[1][j] += b1[i] * row[j]; s[2][j] += b2[i] * row[j]; s[3][j] += b3[i] * row[j]; }
        }
      }
      for (int p = 0; p < 4 && c + p < cols; p++) memcpy(out + (c + p) * d + j0, s[p], 8 * width);
    }
  }
}

// ---- the fit: Newton with preconditioned conjugate gradients, see kernels.c -------------------------------------------------------------

typedef struct { int n; double c, model, ones; const double *gram; const int *y; double *l, *lt, *inverse, *one, *half; } Problem;

INLINE void applyGram(const double *restrict m, int n, const double *restrict v, int kp, double *restrict out) {
  for (int i = 0; i < n; i += 2) {
    const int last = least(i + 1, n - 1);
    const double *restrict m0 = m + i * n, *restrict m1 = m + last * n;
    double s0[MOST_CLASSES], s1[MOST_CLASSES];
    for (int c = 0; c < kp; c++) s0[c] = s1[c] = 0;
    for (int j = 0; j < n; j++) for (int c = 0; c < kp; c++) { s0[c] += m0[j] * v[j * kp + c]; s1[c] += m1[j] * v[j * kp + c]; }
    for (int c = 0; c < kp; c++) { out[i * kp + c] = s0[c]; out[last * kp + c] = s1[c]; }
  }
}
INLINE void solveTriangle(const double *restrict l, const double *restrict inverse, int n, const double *restrict r, int kp, double *restrict out, int down) {
  for (int step = 0; step < n; step++) {
    const int i = down ? n - 1 - step : step, from = down ? i + 1 : 0, to = down ? n : i;
    double s0[MOST_CLASSES], s1[MOST_CLASSES];
    for (int c = 0; c < kp; c++) { s0[c] = r[i * kp + c]; s1[c] = 0; }
    int j = from;
    for (; j + 1 < to; j += 2)
      for (int c = 0; c < kp; c++) { s0[c] -= l[i * n + j] * out[j * kp + c]; s1[c] -= l[i * n + j + 1] * out[(j + 1) * kp + c]; }
    if (j < to) for (int c = 0; c < kp; c++) s0[c] -= l[i * n + j] * out[j * kp + c];
    for (int c = 0; c < kp; c++) out[i * kp + c] = (s0[c] + s1[c]) * inverse[i];
  }
}
static void factorise(Problem *t) {
  const int n = t->n; double *l = t->l, *column = t->half;
  for (int i = 0; i < n; i++) { for (int j = 0; j <= i; j++) l[i * n + j] = t->model * t->gram[i * n + j]; l[i * n + i] += 1; }
  for (int p = 0; p < n; p++) {
    const double pivot = sqrt(l[p * n + p]), inverse = 1 / pivot;
    l[p * n + p] = pivot; t->inverse[p] = inverse;
    for (int i = p + 1; i < n; i++) { l[i * n + p] *= inverse; column[i] = l[i * n + p]; }
    for (int i = p + 1; i < n; i++) { const double f = column[i]; double *row = l + i * n; for (int j = p + 1; j <= i; j++) row[j] -= f * column[j]; }
  }
  for (int i = 0; i < n; i++) for (int j = 0; j <= i; j++) t->lt[j * n + i] = l[i * n + j];
  for (int i = 0; i < n; i++) t->one[i] = (1 - dot(l + i * n, t->one, i)) * t->inverse[i];
  for (int i = n - 1; i >= 0; i--) t->one[i] = (t->one[i] - dot(t->lt + i * n + i + 1, t->one + i + 1, n - 1 - i)) * t->inverse[i];
  t->ones = 0;
  for (int i = 0; i < n; i++) t->ones += t->one[i];
}
INLINE void precondition(const Problem *t, const double *r, double *z, double *zb, double *uz, int kp, int direct) {
  const int n = t->n;
  solveTriangle(t->l, t->inverse, n, r, kp, t->half, 0);
  solveTriangle(t->lt, t->inverse, n, t->half, kp, z, 1);
  for (int c = 0; c < kp; c++) { double s = 0; for (int i = 0; i < n; i++) s += z[i * kp + c]; zb[c] = s / t->ones; }
  for (int i = 0; i < n; i++) for (int c = 0; c < kp; c++) z[i * kp + c] -= t->one[i] * zb[c];
  for (int c = 0; c < kp; c++) zb[c] /= t->model;
  if (direct) {
    applyGram(t->gram, n, z, kp, uz);
    for (int i = 0; i < n; i++) for (int c = 0; c < kp; c++) uz[i * kp + c] += zb[c];
  } else {
    const double inverse = 1 / t->model;
    for (int j = 0; j < n * kp; j++) uz[j] = (r[j] - z[j]) * inverse;
  }
}
INLINE double softmaxResidual(const Problem *t, const double *restrict z, const double *restrict a, double *restrict p, double *restrict g, int k, int kp) {
  double curvature = 0;
  for (int i = 0; i < t->n; i++) {
    const double *restrict zi = z + i * kp; double *restrict pi = p + i * kp; double most = zi[0], total = 0, squared = 0;
    for (int c = 1; c < k; c++) most = zi[c] > most ? zi[c] : most;
    for (int c = 0; c < kp; c++) pi[c] = exp(zi[c] - most);
    for (int c = k; c < kp; c++) pi[c] = 0;
    for (int c = 0; c < kp; c++) total += pi[c];
    for (int c = 0; c < kp; c++) { pi[c] /= total; squared += pi[c] * pi[c]; g[i * kp + c] = a[i * kp + c] + t->c * pi[c]; }
    const int y = t->y[i];
    g[i * kp + y] = a[i * kp + y] + t->c * (pi[y] - 1);
    curvature += 1 - squared;
  }
  return curvature / ((double)t->n * (k - 1));
}
INLINE void fitAs(int n, int k, int kp, const double *gram, const int *y, double c, double *a, double *b, double *work) {
  const int size = n * kp; const double tolerance = 1e-10;
  Problem t = {n, c, 0, 1, gram, y, 0, 0, 0, 0, 0};
  t.l = work; work += n * n; t.lt = work; work += n * n; t.inverse = work; work += n; t.one = work; work += n; t.half = work; work += size + n;
  double *z = work, *p = z + size, *g = p + size, *r = g + size, *s = r + size, *us = s + size, *d = us + size, *ud = d + size, *q = ud + size, *x = q + size, *ux = x + size;
  double *sb = ux + size, *db = sb + kp, *xb = db + kp;
  double scale = 0, largest = 0;
  for (int i = 0; i < n; i++) { scale += sqrt(gram[i * n + i]); largest = gram[i * n + i] > largest ? gram[i * n + i] : largest; }
  scale *= c;
  for (int j = 0; j < size; j++) z[j] = a[j] = 0;
  for (int j = 0; j < kp; j++) b[j] = 0;
  double curvature = softmaxResidual(&t, z, a, p, g, k, kp), first = 0, best = 1e300; int iterations = 0, stalled = 0, fresh = 1;
  for (;;) {
    applyGram(gram, n, g, kp, q);
    const double gq = dot(g, q, size), gw = sqrt(gq > 0 ? gq : 0); double gb = 0;
    for (int j = 0; j < k; j++) { double v = 0; for (int i = 0; i < n; i++) v += g[i * kp + j]; gb += v * v; }
    gb = sqrt(gb);
    const double aa = dot(a, z, size), length = sqrt(aa > 0 ? aa : 0), gradient = sqrt(gw * gw + gb * gb);
    const double goal = tolerance * length > 1e-15 * scale ? tolerance * length : 1e-15 * scale, goalB = tolerance * c * n;
    if (gw <= goal && gb <= goalB) {
      if (fresh) break;
      applyGram(gram, n, a, kp, z);
      for (int i = 0; i < n; i++) for (int j = 0; j < kp; j++) z[i * kp + j] += b[j];
      curvature = softmaxResidual(&t, z, a, p, g, k, kp); fresh = 1;
      continue;
    }
    if (iterations == 0) first = gradient;
    if (gradient < 0.5 * best) { best = gradient; stalled = 0; } else stalled++;
    if (iterations >= 200 || stalled > 12) break;
    iterations++;
    const double wanted = c * (curvature > 1e-12 ? curvature : 1e-12);
    if (t.model == 0 || wanted > 1.5 * t.model || wanted < t.model / 1.5) { t.model = wanted; factorise(&t); }
    const int direct = t.model * largest < 1e-3;
    double forcing = gradient / first < 0.1 ? gradient / first : 0.1;
    const double enough = 0.3 * (goal > goalB ? goal : goalB) / gradient;
    if (forcing < enough) forcing = enough;
    for (int j = 0; j < size; j++) { r[j] = -g[j]; d[j] = 0; ud[j] = 0; }
    for (int j = 0; j < kp; j++) db[j] = 0;
    precondition(&t, r, x, xb, ux, kp, direct);
    memcpy(s, x, 8 * size); memcpy(us, ux, 8 * size); memcpy(sb, xb, 8 * kp);
    double rho = dot(r, us, size); const double stop = forcing * forcing * rho; const int most = size + 20 < 500 ? size + 20 : 500;
    for (int step = 0; step < most && rho > 0; step++) {
      for (int i = 0; i < n; i++) {
        const int at = i * kp; const double mean = dot(p + at, us + at, kp);
        for (int j = 0; j < kp; j++) q[at + j] = s[at + j] + c * (p[at + j] * (us[at + j] - mean));
      }
      const double curve = dot(q, us, size);
      if (!(curve > 0)) break;
      const double alpha = rho / curve;
      for (int j = 0; j < size; j++) { d[j] += alpha * s[j]; ud[j] += alpha * us[j]; r[j] -= alpha * q[j]; }
      for (int j = 0; j < kp; j++) db[j] += alpha * sb[j];
      precondition(&t, r, x, xb, ux, kp, direct);
      const double next = dot(r, ux, size);
      if (next <= stop) break;
      const double beta = next / rho; rho = next;
      for (int j = 0; j < size; j++) { s[j] = x[j] + beta * s[j]; us[j] = ux[j] + beta * us[j]; }
      for (int j = 0; j < kp; j++) sb[j] = xb[j] + beta * sb[j];
    }
    const double slope = dot(g, ud, size); double step = 1, taken = 0;
    memcpy(x, a, 8 * size); memcpy(ux, z, 8 * size);
    for (int tries = 0;; tries++) {
      for (int j = 0; j < size; j++) { a[j] = x[j] + step * d[j]; z[j] = ux[j] + step * ud[j]; }
      curvature = softmaxResidual(&t, z, a, p, g, k, kp);
      const double now = dot(g, ud, size);
      taken = step;
      if (now <= -0.1 * slope || tries == 40) break;
      double shrink = slope / (slope - now);
      step *= shrink > 0.9 ? 0.9 : shrink > 0.1 ? shrink : 0.1;
    }
    for (int j = 0; j < k; j++) b[j] += taken * db[j];
    fresh = 0;
  }
}
static int fit(int n, int k, const double *gram, const int *y, double c, double *a, double *b, double *work) {
  switch (k) {
    case 5: fitAs(n, 5, 6, gram, y, c, a, b, work); return 6;
    case 20: fitAs(n, 20, 20, gram, y, c, a, b, work); return 20;
    default: fitAs(n, k, k, gram, y, c, a, b, work); return k;
  }
}

// ---- episodes -------------------------------------------------------------------------------------------------------------------------

static void *reserve(size_t bytes) { void *at = NULL; if (posix_memalign(&at, 64, bytes ? bytes : 64)) exit(2); memset(at, 0, bytes); return at; }
static void *slurp(const char *name, long *bytes) {
  FILE *file = fopen(name, "rb");
  if (!file) { perror(name); exit(2); }
  fseek(file, 0, SEEK_END); *bytes = ftell(file); rewind(file);
  void *at = reserve(*bytes);
  if (fread(at, 1, *bytes, file) != (size_t)*bytes) exit(2);
  fclose(file);
  return at;
}

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  long bytes;
  const float *x = slurp(argv[1], &bytes); const int *list = slurp(argv[2], &bytes);
  const int d = atoi(argv[3]), k = atoi(argv[4]), shots = atoi(argv[5]), queries = atoi(argv[6]), episodes = atoi(argv[7]);
  const int n = k * shots, q = k * queries, cols = k - 1;
  double *z = reserve(8L * n * d), *g = reserve(8L * n * n), *inverse = reserve(8L * n), *a = reserve(8L * n * 64), *b = reserve(8L * 64);
  double *work = reserve(8L * (2 * n * n + 4 * n + 16 * n * 64 + 512)), *co = reserve(8L * k * n), *w = reserve(8L * k * d), *scores = reserve(8L * q * k), *norms = reserve(8L * q);
  int *y = reserve(4L * n), repeats;
  for (int i = 0; i < n; i++) y[i] = i / shots;
  while (scanf("%d", &repeats) == 1) {
    struct timespec from, to; long correct = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int e = 0; e < repeats * episodes; e++) {
      const int *support = list + (e % episodes) * (n + q), *query = support + n;
      for (int i = 0; i < n; i++) { const float *restrict row = x + support[i] * d; double *restrict to = z + i * d; for (int j = 0; j < d; j++) to[j] = row[j]; }
      gram(z, n, d, g);
      for (int i = 0; i < n; i++) inverse[i] = g[i * n + i] > 0 ? 1 / sqrt(g[i * n + i]) : 0;
      for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) g[i * n + j] *= inverse[i] * inverse[j];
      const int kp = fit(n, k, g, y, 1, a, b, work);
      for (int c = 0; c < cols; c++) for (int i = 0; i < n; i++) co[c * n + i] = a[i * kp + c] * inverse[i];
      combine(co, cols, n, z, d, w);
      products(x, query, q, w, cols, d, scores);
      squares(x, query, q, d, norms);
      for (int i = 0; i < q; i++) {
        const double factor = norms[i] > 0 ? 1 / sqrt(norms[i]) : 0; double rest = 0, greatest = -1e300; int best = 0;
        for (int c = 0; c < k; c++) {
          const double product = c < cols ? scores[i * cols + c] : -rest, score = product * factor + b[c];
          rest += product;
          if (score > greatest) { greatest = score; best = c; }
        }
        correct += best == i / queries;
      }
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    printf("%.9g %ld\n", ((to.tv_sec - from.tv_sec) + 1e-9 * (to.tv_nsec - from.tv_nsec)) / ((double)repeats * episodes), correct / repeats);
    fflush(stdout);
  }
  return 0;
}
