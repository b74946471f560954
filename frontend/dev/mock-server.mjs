// A stand-in for the server while the page is being made: GALLERY=folder with export.json and https_, COUNT=how many posts.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gridCards, gridIndex, makePosts, matching } from './mock-library.mjs';

const gallery = process.env.GALLERY ?? '';
const count = Number(process.env.COUNT ?? 0);
const port = Number(process.env.PORT ?? 8000);
const password = process.env.PASSWORD ?? '';
const page = join(import.meta.dirname, '..', '..', 'index.html');
const library = { version: 1, posts: gallery ? makePosts(gallery, count) : [], views: new Map() };
let signedIn = !password;
let slow = Number(process.env.SLOW ?? 0);

function view(query) {
  const key = query.toString().replace(/&?(chunk|version|id|limit)=[^&]*/g, '');
  if (library.views.version !== library.version) library.views = Object.assign(new Map(), { version: library.version });
  if (!library.views.has(key)) library.views.set(key, matching(library.posts, query));
  return library.views.get(key);
}

function json(res, body, status = 200) {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
}

function file(req, res, path, type) {
  const size = statSync(path).size;
  const range = /bytes=(\d+)-(\d*)/.exec(req.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range && range[2] ? Number(range[2]) : size - 1;
  const head = { 'Content-Type': type, 'Accept-Ranges': 'bytes', 'Content-Length': end - start + 1, 'Cache-Control': 'max-age=3600' };
  if (range) head['Content-Range'] = `bytes ${start}-${end}/${size}`;
  res.writeHead(range ? 206 : 200, head);
  createReadStream(path, { start, end }).pipe(res);
}

function index(req, res, query) {
  const etag = `"${library.version}-${query}"`;
  if (req.headers['if-none-match'] === etag) return res.writeHead(304, { ETag: etag }).end();
  const body = gridIndex(view(query), library, query.get('sort') ?? 'date_desc');
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', ETag: etag }).end(body);
}

function facets(query) {
  const names = { type: 'kind', model: 'model', mode: 'mode', liked: 'likedWord', state: 'state' };
  return Object.fromEntries(Object.entries(names).map(([name, field]) => {
    const rest = new URLSearchParams(query);
    rest.delete(name);
    const counts = new Map(library.posts.slice(0, 60).map((post) => [post[field], 0]));
    for (const post of matching(library.posts, rest)) counts.set(post[field], (counts.get(post[field]) ?? 0) + 1);
    return [name, [...counts].map(([value, n]) => ({ value, count: n })).sort((a, b) => b.count - a.count)];
  }));
}

const body = async (req) => {
  let text = '';
  for await (const part of req) text += part;
  return text;
};

async function like(req, res, id) {
  const post = library.posts.find((p) => p.id === id);
  if (!post || id.endsWith('refuse')) return json(res, { error: 'post_not_found', message: 'There is no such post.' }, 404);
  post.liked = JSON.parse(await body(req)).liked;
  post.likedWord = post.liked ? 'yes' : 'no';
  library.version += 1;
  return json(res, { id, like_status: post.liked });
}

const routes = {
  'GET /api/me': (_q, _s, res) => json(res, { id: '1', name: 'You', authenticated: signedIn, password_required: !!password }),
  'POST /api/auth/login': async (_q, req, res) => {
    signedIn = JSON.parse(await body(req)).password === password;
    return signedIn ? json(res, {}) : json(res, { error: 'wrong_password', message: 'This is not the password.' }, 401);
  },
  'GET /api/index': (query, req, res) => index(req, res, query),
  'GET /api/cards': (query, _s, res) => json(res, gridCards(view(query), library.version, Number(query.get('chunk')))),
  'GET /api/index/locate': (query, _s, res) => {
    const at = view(query).findIndex((post) => post.id === query.get('id'));
    return json(res, { position: at < 0 ? null : at, version: library.version });
  },
  'GET /api/facets': (query, _s, res) => json(res, facets(query)),
  'POST /api/filters/parse': (_q, _s, res) => json(res, { text: null, document: null, errors: [], chips: [], words: [] }),
  'GET /api/suggest': (_q, _s, res) => json(res, { start: 0, length: 0, suggestions: [] }),
  'GET /api/stats': (_q, _s, res) => json(res, { totalItems: library.posts.length, totalVideos: 0, likedItems: 0, models: [] }),
  'GET /api/imports': (_q, _s, res) => json(res, []),
  'GET /api/jobs': (_q, _s, res) => json(res, { jobs: process.env.JOBS ? JSON.parse(process.env.JOBS) : [] }),
  // Not part of the contract: lets a check play "the library has grown" and "the server is slow".
  'POST /mock/grow': async (_q, req, res) => {
    const { count: more } = JSON.parse(await body(req));
    library.posts = [...makePosts(gallery, more, 1e6 + library.version), ...library.posts];
    library.version += 1;
    return json(res, { version: library.version });
  },
  'POST /mock/slow': async (_q, req, res) => json(res, { slow: (slow = JSON.parse(await body(req)).ms) }),
};

function picture(req, res, path) {
  const post = library.posts.find((p) => p.thumbnail === path.split('/')[2]);
  return post ? file(req, res, post.local, 'image/*') : res.writeHead(404).end();
}

async function answer(req, res) {
  const url = new URL(req.url, 'http://localhost');
  const path = decodeURIComponent(url.pathname);
  if (slow) await new Promise((done) => setTimeout(done, slow));
  if (path === '/' || path === '/index.html') return res.writeHead(200, { 'Content-Type': 'text/html' }).end(readFileSync(page));
  if (path.startsWith('/derived/')) return picture(req, res, path);
  if (path.startsWith('/media/')) return file(req, res, join(gallery, path.slice(7)), path.endsWith('.mp4') ? 'video/mp4' : 'image/*');
  if (password && !signedIn && path !== '/api/me' && !path.startsWith('/api/auth')) return json(res, { error: 'signed_out', message: 'Sign in first.' }, 401);
  const liked = /^\/api\/media\/([^/]+)\/like$/.exec(path);
  if (liked && req.method === 'PUT') return like(req, res, liked[1]);
  const route = routes[`${req.method} ${path}`];
  return route ? route(url.searchParams, req, res) : json(res, { error: 'not_found', message: 'There is no such address.' }, 404);
}

createServer((req, res) => {
  answer(req, res).catch((error) => json(res, { error: 'mock', message: String(error) }, 500));
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}  ${library.posts.length} posts`));
