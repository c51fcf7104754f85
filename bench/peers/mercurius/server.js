// A tuned server of Mercurius with graphql-jit, loaders and better-sqlite3, which Headwater is measured against: lists read no bodies and
// come from a covering index alone, every statement is prepared once, the file is mapped, and nothing is logged.

import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import mercurius from 'mercurius'

const db = new Database(process.argv[2])
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.pragma('mmap_size = 1073741824')
db.pragma('cache_size = -65536')
db.pragma('foreign_keys = ON')

const feedColumns = 'id, slug, title, author_id, published_at, views'
const statements = {
  feed: db.prepare(`SELECT ${feedColumns} FROM post INDEXED BY post_feed WHERE (published_at, id) < (?, ?)
    ORDER BY published_at DESC, id DESC LIMIT ?`),
  postBySlug: db.prepare(`SELECT ${feedColumns} FROM post WHERE slug = ?`),
  postById: db.prepare(`SELECT ${feedColumns} FROM post WHERE id = ?`),
  html: db.prepare('SELECT html FROM post WHERE id = ?').pluck(),
  headings: db.prepare('SELECT headings FROM post WHERE id = ?').pluck(),
  author: db.prepare('SELECT id, username, name FROM author WHERE id = ?'),
  tags: db.prepare(`SELECT tag.id, tag.slug, tag.name FROM post_tag JOIN tag ON tag.id = post_tag.tag_id
    WHERE post_tag.post_id = ? ORDER BY post_tag.position`),
  series: db.prepare('SELECT day, views, visitors FROM post_day WHERE post_id = ? AND day BETWEEN ? AND ?').raw(),
  topPosts: db.prepare(`SELECT post_id, SUM(views) AS views, SUM(visitors) AS visitors FROM post_day INDEXED BY post_day_by_day
    WHERE day BETWEEN ? AND ? GROUP BY post_id ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?`),
  addView: db.prepare(`INSERT INTO view (post_id, day, visitor, views) VALUES (?, ?, ?, 1)
    ON CONFLICT (post_id, day, visitor) DO UPDATE SET views = views + 1 RETURNING views`).pluck(),
  addPostDay: db.prepare(`INSERT INTO post_day (post_id, day, views, visitors) VALUES (?, ?, 1, ?)
    ON CONFLICT (post_id, day) DO UPDATE SET views = views + 1, visitors = visitors + excluded.visitors`),
  addPostView: db.prepare('UPDATE post SET views = views + 1 WHERE id = ?')
}

const dayLength = 24 * 60 * 60 * 1000
const dayOf = (date) => Date.parse(date) / dayLength
const moment = (milliseconds) => new Date(milliseconds).toISOString()

const record = db.transaction((events, day, visitor) => {
  for (const { postId } of events) {
    const times = statements.addView.get(postId, day, visitor)
    statements.addPostDay.run(postId, day, times === 1 ? 1 : 0)
    statements.addPostView.run(postId)
  }
})

const resolvers = {
  Query: {
    post: (_, { slug }) => statements.postBySlug.get(slug),
    posts: (_, { first, after }) => {
      const [publishedAt, id] = after ? after.split('-').map(Number) : [Date.now() + 1, 0]
      const limit = Math.min(Math.max(first, 0), 100)
      const nodes = statements.feed.all(publishedAt, id, limit + 1)
      const hasNextPage = nodes.length > limit
      if (hasNextPage) nodes.pop()
      const last = nodes.at(-1)
      return { nodes, pageInfo: { hasNextPage, endCursor: last ? `${last.published_at}-${last.id}` : null } }
    },
    metrics: (_, { range }) => range
  },
  Mutation: {
    recordEvents: (_, { input }, { visitor }) => {
      record.immediate(input.events, Math.floor(Date.now() / dayLength), visitor)
      return { recorded: input.events.length, userErrors: [] }
    }
  },
  Post: {
    publishedAt: (post) => moment(post.published_at),
    html: (post) => statements.html.get(post.id),
    headings: (post) => JSON.parse(statements.headings.get(post.id)),
    metrics: (post, { range }) => ({ postId: post.id, range })
  },
  PostMetrics: {
    series: ({ postId, range }) => {
      const from = dayOf(range.from)
      const days = dayOf(range.to) - from + 1
      const starts = Array.from({ length: days }, (_, i) => moment((from + i) * dayLength))
      const views = new Array(days).fill(0)
      const visitors = new Array(days).fill(0)
      for (const [day, seen, readers] of statements.series.all(postId, from, from + days - 1)) {
        views[day - from] = seen
        visitors[day - from] = readers
      }
      return { starts, views, visitors }
    }
  },
  Metrics: {
    topPosts: (range, { first }) =>
      statements.topPosts.all(dayOf(range.from), dayOf(range.to), Math.min(Math.max(first, 0), 100)).map((row) => {
        const post = statements.postById.get(row.post_id)
        return { post, title: post.title, views: row.views, visitors: row.visitors }
      })
  }
}

const loaders = {
  Post: {
    author: {
      loader: async (queries) => queries.map(({ obj }) => statements.author.get(obj.author_id)),
      opts: { cache: false }
    },
    tags: {
      loader: async (queries) => queries.map(({ obj }) => statements.tags.all(obj.id)),
      opts: { cache: false }
    }
  }
}

const hash = (text) => {
  let value = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++) value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n)
  return BigInt.asIntN(64, value)
}

const app = Fastify({ logger: false })
app.register(mercurius, {
  schema: readFileSync(new URL('../schema.graphqls', import.meta.url), 'utf8'),
  resolvers,
  loaders,
  jit: 1,
  graphiql: false,
  context: (request) => ({
    get visitor () { return hash(`${request.headers['x-forwarded-for']}${request.headers['user-agent']}`) }
  })
})
console.log(await app.listen({ host: '127.0.0.1', port: 0 }))
