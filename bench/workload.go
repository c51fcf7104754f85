package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// workload is one kind of request.
type workload struct {
	name        string
	title       string
	connections int
	query       string
	needs       credential
	cached      bool                       // asked of servers that keep whole answers
	writes      bool                       // changes the data
	variables   func(place) map[string]any // nil for none
	holds       string                     // stands in every right answer; all of them are compared in full before
}

// credential is what Headwater wants to see before it answers.
type credential int

const (
	none      credential = iota
	secretKey            // one that may read metrics
	address              // of the reader, whose views are counted; as a proxy in front tells it
)

// place is the arguments of one request, of which each workload takes what it needs.
type place struct {
	after    string // the cursor behind which a page begins; empty for the newest
	afterAll string // the same, with a hundred posts behind it
	slug     string
	id       string // the post's, by which the server knows it
	from, to string // thirty days, both counted
	reader   string // an address
}

// days returns the first and the last of the days, as days since 1970-01-01.
func (p place) days() (from, to int64, err error) { return daysOf(p.from, p.to) }

func daysOf(from, to string) (first, last int64, err error) {
	begin, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return 0, 0, err
	}
	end, err := time.Parse(time.DateOnly, to)
	return begin.Unix() / 86_400, end.Unix() / 86_400, err
}

// many is how many requests with arguments of their own each workload has.
const many = 1_000

const readConnections = 8 // enough to keep the server busy, few enough that waiting in line does not hide how long an answer takes

var (
	newestQuery = `query Newest($after: String) {
  posts(first: 20, after: $after) {
    nodes { id slug title publishedAt author { id name } tags { id slug name } views }
    pageInfo { endCursor hasNextPage }
  }
}`
	postQuery = `query Post($slug: String!) {
  post(slug: $slug) {
    id slug title html publishedAt headings { level text anchor } author { id name } tags { id slug name }
  }
}`
	daysQuery = `query Days($slug: String!, $range: RangeInput!) {
  post(slug: $slug) { id metrics(range: $range) { series(interval: DAY) { starts views visitors } } }
}`
	topQuery = `query Top($slug: String!, $range: RangeInput!) {
  post(slug: $slug) { id metrics(range: $range) { series(interval: DAY) { starts views visitors } } }
  metrics(range: $range) { topPosts(first: 10) { title views visitors post { id slug } } }
}`
	pageQuery = `query Page($after: String) {
  posts(first: 100, after: $after) {
    nodes { id slug title publishedAt author { id name } }
    pageInfo { endCursor hasNextPage }
  }
}`
	recordQuery = `mutation Record($input: RecordEventsInput!) { recordEvents(input: $input) { recorded userErrors { message } } }`
)

var workloads = []workload{
	{name: "Q1", title: "`{ __typename }`", connections: readConnections, query: `{ __typename }`, holds: `"__typename":"Query"`},
	{name: "Q2", title: "the newest 20 before a cursor with author, tags, views", connections: readConnections, query: newestQuery, variables: newestVariables, holds: `"hasNextPage":`},
	{name: "Q3", title: "a post by slug with html, headings, author, tags", connections: readConnections, query: postQuery, variables: postVariables, holds: `"html":"`},
	{name: "Q4", title: "thirty days' series of one post", connections: readConnections, query: daysQuery, variables: daysVariables, needs: secretKey, holds: `"visitors":[`},
	{name: "Q5", title: "the same with the site's top ten posts", connections: readConnections, query: topQuery, variables: daysVariables, needs: secretKey, holds: `"topPosts":[{`},
	{name: "Q6", title: "a page of 100 with authors", connections: readConnections, query: pageQuery, variables: pageVariables, holds: `"hasNextPage":`},
	{name: "Q7 list", title: "as Q2, from the cache", connections: readConnections, query: newestQuery, cached: true, variables: newestVariables, holds: `"hasNextPage":`},
	{name: "Q7 post", title: "as Q3, from the cache", connections: readConnections, query: postQuery, cached: true, variables: postVariables, holds: `"html":"`},
	{name: "M1 of 64", title: "one view recorded, durable, from 64 connections", connections: 64, query: recordQuery, variables: recordVariables, needs: address, writes: true, holds: `"recorded":1`},
	{name: "M1 of 1", title: "the same from one connection", connections: 1, query: recordQuery, variables: recordVariables, needs: address, writes: true, holds: `"recorded":1`},
}

func newestVariables(p place) map[string]any { return map[string]any{"after": orNull(p.after)} }

func pageVariables(p place) map[string]any { return map[string]any{"after": orNull(p.afterAll)} }

func postVariables(p place) map[string]any { return map[string]any{"slug": p.slug} }

func daysVariables(p place) map[string]any {
	return map[string]any{"slug": p.slug, "range": map[string]any{"from": p.from, "to": p.to}}
}

func recordVariables(p place) map[string]any {
	return map[string]any{"input": map[string]any{"events": []any{map[string]any{"postId": p.id}}}}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// places returns the arguments of many requests to a server: the same for each, but for what it calls by names of its own. End is the day
// behind the last on which there are views.
func places(size size, known catalogue, end time.Time) []place {
	random := rand.New(rand.NewPCG(1, 2))
	pages, long := random.Perm(len(known.cursors)), len(known.cursors)-4 // so many have a hundred posts behind them
	all := make([]place, many)
	for i := range all {
		page, slug := pages[i%len(pages)], slugOf(random.IntN(size.posts))
		last := end.AddDate(0, 0, -1-random.IntN(size.days-30))
		all[i] = place{
			after: known.cursors[page], afterAll: known.cursors[page%long], slug: slug, id: known.ids[slug],
			from: last.AddDate(0, 0, -29).Format(time.DateOnly), to: last.Format(time.DateOnly),
			reader: fmt.Sprintf("198.51.%d.%d", i/250, i%250),
		}
	}
	return all
}

// asks returns the requests for a workload that a server gets.
func (w workload) asks(s *server, places []place) (asked, error) {
	requests := make([][]byte, len(places))
	for i, place := range places {
		request, err := s.speaks.request(w, place)
		if err != nil {
			return asked{}, err
		}
		request.Host = "bench"
		request.Header.Set("User-Agent", agents[i%len(agents)])
		var wire bytes.Buffer
		if err := request.Write(&wire); err != nil {
			return asked{}, err
		}
		requests[i] = wire.Bytes()
	}
	return asked{requests: requests, connections: w.connections, verify: s.speaks.verify(w)}, nil
}

func workloadNamed(name string) workload {
	return workloads[slices.IndexFunc(workloads, func(w workload) bool { return w.name == name })]
}
