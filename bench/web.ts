/**
 * How fast are feeds and pages? The service (read-only: no jobs beside it) and nginx, which serves
 * the same bytes as a file, in turn under wrk with 32 connections; medians over the rounds. Needs
 * nginx and wrk. `node --import tsx bench/web.ts [SECONDS] [ROUNDS]`
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { withCorpus } from './data.ts';
import { print, root } from './lib.ts';
import { freePort, untilAnswers } from './listening.ts';

const [seconds = 4, rounds = 5] = process.argv.slice(2).map(Number);
const connections = 32;

type Site = { readonly pid: number; readonly url: string };
type Case = {
  readonly name: string;
  readonly path: string;
  readonly coding: 'gzip' | 'identity';
  readonly fresh: boolean;
  readonly goal: number;
};

const cases: readonly Case[] = [
  { name: 'feed, 200, gzip', path: '/feed.xml', coding: 'gzip', fresh: false, goal: 0.35 },
  { name: 'feed, 200, plain', path: '/feed.xml', coding: 'identity', fresh: false, goal: 0.35 },
  { name: 'feed, 304', path: '/feed.xml', coding: 'gzip', fresh: true, goal: 0.19 },
  { name: 'home page, 200, gzip', path: '/', coding: 'gzip', fresh: false, goal: 0.25 },
  { name: 'home page, 200, plain', path: '/', coding: 'identity', fresh: false, goal: 0.25 },
];

const startService = async (database: string): Promise<{ site: Site; child: ChildProcess }> => {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'src/main.ts'), 'serve', '--read-only'],
    {
      cwd: root,
      env: {
        ...process.env,
        DATABASE_URL: `file:${database}`,
        PORT: String(port),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/readyz`);
  return { site: { pid: child.pid ?? 0, url }, child };
};

/** What the service answers, laid out as files for nginx. */
const layOut = async (folder: string, service: Site): Promise<void> => {
  for (const [path, file] of [
    ['/feed.xml', 'feed.xml'],
    ['/', 'index.html'],
  ] as const) {
    const zipped = spawnSync('curl', ['-fsS', '-H', 'Accept-Encoding: gzip', service.url + path], {
      maxBuffer: 1e8,
    }).stdout;
    writeFileSync(join(folder, 'www', `${file}.gz`), zipped);
    writeFileSync(join(folder, 'www', file), gunzipSync(zipped));
  }
};

const startNginx = async (folder: string): Promise<{ site: Site; child: ChildProcess }> => {
  const port = await freePort();
  const conf = join(folder, 'nginx.conf');
  writeFileSync(
    conf,
    `worker_processes 1; daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr error;
     events { worker_connections 256; }
     http {
       types { application/rss+xml xml; text/html html; }
       access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000000; gzip_static on;
       client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
       uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
       server { listen 127.0.0.1:${port}; root ${folder}/www; index index.html;
         add_header Cache-Control "public, max-age=600"; add_header Vary Accept-Encoding; }
     }`,
  );
  const child = spawn('nginx', ['-c', conf, '-p', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/feed.xml`);
  return { site: { pid: child.pid ?? 0, url }, child };
};

type Load = { readonly perSecond: number; readonly perCpuSecond: number; readonly p95: number };

const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // utime and stime, in ticks of a hundredth (proc(5)).
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const script = `
done = function(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %d %d %f %d\\n", summary.requests, summary.duration, latency:percentile(95), bad))
end`;

const load = async (folder: string, { pid, url }: Site, asked: Case): Promise<Load> => {
  const lua = join(folder, 'report.lua');
  writeFileSync(lua, script);
  const headers = [`Accept-Encoding: ${asked.coding}`];
  if (asked.fresh) {
    const head = spawnSync('curl', ['-fsSI', '--compressed', url + asked.path], {
      encoding: 'utf8',
    });
    headers.push(`If-None-Match: ${/^etag: (.*)$/im.exec(head.stdout)?.[1]?.trim()}`);
  }
  const before = cpuSeconds(pid);
  const { stdout, stderr } = spawnSync(
    'wrk',
    [
      ...['-t1', `-c${connections}`, `-d${seconds}s`, '-s', lua],
      ...headers.flatMap((header) => ['-H', header]),
      url + asked.path,
    ],
    { encoding: 'utf8' },
  );
  const cpu = cpuSeconds(pid) - before;
  const [, requests, micros, p95, bad] = /RESULT (\d+) (\d+) ([\d.]+) (\d+)/.exec(stdout) ?? [];
  if (requests === undefined || bad !== '0') throw new Error(`wrk failed: ${stdout}${stderr}`);
  return {
    perSecond: Number(requests) / (Number(micros) / 1e6),
    perCpuSecond: Number(requests) / cpu,
    p95: Number(p95) / 1000,
  };
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const measure = async (folder: string, ours: Site, nginx: Site): Promise<void> => {
  for (const asked of cases) {
    const pairs: { readonly ours: Load; readonly nginx: Load }[] = [];
    for (let round = 0; round < rounds; round += 1)
      pairs.push({
        ours: await load(folder, ours, asked),
        nginx: await load(folder, nginx, asked),
      });
    const of = (pick: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(pick));
    const ratio = of((pair) => pair.ours.perSecond / pair.nginx.perSecond);
    const byCpu = of((pair) => pair.ours.perCpuSecond / pair.nginx.perCpuSecond);
    print(
      `${asked.name.padEnd(22)} ours ${of((pair) => pair.ours.perSecond)
        .toFixed(0)
        .padStart(7)} a second, ` +
        `95 % within ${of((pair) => pair.ours.p95).toFixed(2)} ms; nginx ${of((pair) => pair.nginx.perSecond).toFixed(0)}, ` +
        `${of((pair) => pair.nginx.p95).toFixed(2)} ms; ours ÷ nginx = ${ratio.toFixed(2)} (goal ${asked.goal}; by processor time ${byCpu.toFixed(2)})`,
    );
  }
  const memory = /VmRSS:\s+(\d+)[\s\S]*/.exec(readFileSync(`/proc/${ours.pid}/status`, 'utf8'));
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${ours.pid}/status`, 'utf8'));
  print(
    `memory of the service: ${Math.round(Number(memory?.[1]) / 1024)} MB, at most ${Math.round(Number(peak?.[1]) / 1024)} MB`,
  );
};

await withCorpus(async ({ file }) => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-web-'));
  mkdirSync(join(folder, 'www'));
  const children: ChildProcess[] = [];
  try {
    const service = await startService(file);
    children.push(service.child);
    await layOut(folder, service.site);
    const nginx = await startNginx(folder);
    children.push(nginx.child);
    await measure(folder, service.site, nginx.site);
  } finally {
    for (const child of children) child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});
