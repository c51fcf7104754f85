package main

import (
	"encoding/json"
	"fmt"
)

// catalogue is what a server calls the data by, and all that it says of the posts in its list.
type catalogue struct {
	cursors []string          // behind which each page of twenty begins, the newest first; empty for the first
	ids     map[string]string // of posts, by slug
	views   int64             // of all posts
	pages   []any             // what each page says
}

// walk reads the whole list of posts, page after page.
func walk(s *server) (catalogue, error) {
	conn, err := dial(s.process.url)
	if err != nil {
		return catalogue{}, err
	}
	defer conn.Close()
	newest := workloadNamed("Q2")
	known := catalogue{ids: map[string]string{}}
	for more, after := true, ""; more; {
		what, err := newest.asks(s, []place{{after: after}})
		if err != nil {
			return catalogue{}, err
		}
		answer, err := conn.ask(what.requests[0])
		if err != nil {
			return catalogue{}, err
		}
		page, err := s.speaks.page(answer)
		if err != nil {
			return catalogue{}, fmt.Errorf("%w in %.500s", err, answer)
		}
		for _, node := range page.Nodes {
			known.ids[node.Slug] = node.ID
			known.views += node.Views
		}
		facts, err := s.speaks.facts(newest, place{}, answer)
		if err != nil {
			return catalogue{}, err
		}
		known.pages, known.cursors = append(known.pages, facts), append(known.cursors, after)
		more, after = page.PageInfo.HasNextPage, page.PageInfo.EndCursor
	}
	return known, nil
}

// page is what is read of a page of posts to find one's way.
type page struct {
	Nodes    []pageNode
	PageInfo struct {
		EndCursor   string
		HasNextPage bool
	}
}

type pageNode struct {
	ID, Slug string
	Views    int64
}

func pageOf(answer []byte) (page, error) {
	var decoded struct{ Data struct{ Posts page } }
	err := json.Unmarshal(answer, &decoded)
	return decoded.Data.Posts, err
}
