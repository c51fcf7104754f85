package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The statements of the floors over the peers' data. ?1 is a text, ?2 and ?3 are numbers, as package sqlite has it.
const (
	feedOf = `SELECT post.id, post.slug, post.title, post.published_at, post.views, author.id, author.name
		FROM post INDEXED BY post_feed CROSS JOIN author ON author.id = post.author_id
		WHERE (post.published_at, post.id) < (?2, ?3) ORDER BY post.published_at DESC, post.id DESC LIMIT `
	sqlFeed = feedOf + `21`
	sqlPage = feedOf + `101`
	sqlTags = `SELECT tag.id, tag.slug, tag.name FROM post_tag JOIN tag ON tag.id = post_tag.tag_id WHERE post_tag.post_id = ?1 ORDER BY post_tag.position`
	sqlPost = `SELECT post.id, post.title, post.published_at, author.id, author.name, post.headings, post.html
		FROM post JOIN author ON author.id = post.author_id WHERE post.slug = ?1`
	sqlDays = `SELECT post.id, post_day.day, post_day.views, post_day.visitors
		FROM post LEFT JOIN post_day ON post_day.post_id = post.id AND post_day.day BETWEEN ?2 AND ?3 WHERE post.slug = ?1`
	sqlTop = `SELECT post.id, post.slug, post.title, top.views, top.visitors
		FROM (SELECT post_id, SUM(views) AS views, SUM(visitors) AS visitors FROM post_day INDEXED BY post_day_by_day
			WHERE day BETWEEN ?2 AND ?3 GROUP BY post_id ORDER BY 2 DESC, 3 DESC, 1 LIMIT 10) AS top CROSS JOIN post ON post.id = top.post_id
		ORDER BY top.views DESC, top.visitors DESC, top.post_id`
	sqlAddView = `INSERT INTO view (post_id, day, visitor, views) VALUES (?1, ?2, ?3, 1)
		ON CONFLICT (post_id, day, visitor) DO UPDATE SET views = views + 1 RETURNING views`
	sqlAddPostDay = `INSERT INTO post_day (post_id, day, views, visitors) VALUES (?1, ?2, 1, ?3)
		ON CONFLICT (post_id, day) DO UPDATE SET views = views + 1, visitors = visitors + excluded.visitors`
	sqlAddPostView = `UPDATE post SET views = views + 1 WHERE id = ?1`
)

// byHandServer answers the workloads with statements that were prepared once and JSON that is written by hand: no GraphQL, no layers.
type byHandServer struct {
	feed, page, tags, post, days, top *sql.Stmt
	writer                            *sql.DB
	addView, addPostDay, addPostView  *sql.Stmt
}

// asks is what a request says: the variables of a workload.
type asks struct {
	After string
	Slug  string
	Range struct{ From, To string }
	Input struct {
		Events []struct{ PostID string }
	}
}

func serveByHand(file string) error {
	address := url.URL{Scheme: "file", Path: file, RawQuery: "_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000&_mutex=no"}
	db, err := sql.Open("sqlite3", address.String())
	if err != nil {
		return err
	}
	db.SetMaxIdleConns(8)
	db.SetMaxOpenConns(8)
	writer, err := sql.Open("sqlite3", address.String())
	if err != nil {
		return err
	}
	writer.SetMaxOpenConns(1)
	s := byHandServer{writer: writer}
	for _, p := range []struct {
		on    *sql.DB
		stmt  **sql.Stmt
		query string
	}{
		{db, &s.feed, sqlFeed}, {db, &s.page, sqlPage}, {db, &s.tags, sqlTags}, {db, &s.post, sqlPost}, {db, &s.days, sqlDays}, {db, &s.top, sqlTop},
		{writer, &s.addView, sqlAddView}, {writer, &s.addPostDay, sqlAddPostDay}, {writer, &s.addPostView, sqlAddPostView},
	} {
		if *p.stmt, err = p.on.Prepare(p.query); err != nil {
			return err
		}
	}
	answers := map[string]func(context.Context, *http.Request, asks, []byte) ([]byte, error){
		workloadNamed("Q2").path():       s.newest,
		workloadNamed("Q3").path():       s.onePost,
		workloadNamed("Q4").path():       s.thirtyDays,
		workloadNamed("Q5").path():       s.topTen,
		workloadNamed("Q6").path():       s.hundred,
		workloadNamed("M1 of 64").path(): s.record,
		workloadNamed("M1 of 1").path():  s.record,
	}
	return listen(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var asked asks
		if err == nil {
			err = json.Unmarshal(body, &asked)
		}
		answer := []byte(`{"data":{`)
		if err == nil {
			answer, err = answers[r.URL.Path](r.Context(), r, asked, answer)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer = append(answer, "}}"...)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		w.Write(answer)
	})
}

func (s *byHandServer) newest(ctx context.Context, _ *http.Request, asked asks, out []byte) ([]byte, error) {
	return s.list(ctx, s.feed, 20, asked, out, func(id int64, views int64, out []byte) ([]byte, error) {
		out = strconv.AppendInt(append(out, `,"views":`...), views, 10)
		return s.appendTags(ctx, id, out)
	})
}

func (s *byHandServer) hundred(ctx context.Context, _ *http.Request, asked asks, out []byte) ([]byte, error) {
	return s.list(ctx, s.page, 100, asked, out, func(_, _ int64, out []byte) ([]byte, error) { return out, nil })
}

// feedRow is a row of a list.
type feedRow struct {
	id, publishedAt, views, authorID int64
	slug, title, author              []byte
}

// list writes a page of posts, with what more says of each. All rows are read first: a connection is held no longer.
func (s *byHandServer) list(ctx context.Context, stmt *sql.Stmt, first int, asked asks, out []byte, more func(id, views int64, out []byte) ([]byte, error)) ([]byte, error) {
	before, beforeID := time.Now().UnixMilli(), int64(0)
	if asked.After != "" {
		if _, err := fmt.Sscanf(asked.After, "%d-%d", &before, &beforeID); err != nil {
			return nil, err
		}
	}
	feed, err := readFeed(ctx, stmt, first, before, beforeID)
	if err != nil {
		return nil, err
	}
	hasNext := len(feed) > first
	feed = feed[:min(first, len(feed))]
	out = append(out, `"posts":{"nodes":[`...)
	for i, row := range feed {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendPost(out, row.id, row.slug, row.title, row.publishedAt, row.authorID, row.author)
		if out, err = more(row.id, row.views, out); err != nil {
			return nil, err
		}
		out = append(out, '}')
	}
	last := feed[len(feed)-1]
	return fmt.Appendf(out, `],"pageInfo":{"endCursor":"%d-%d","hasNextPage":%t}}`, last.publishedAt, last.id, hasNext), nil
}

func readFeed(ctx context.Context, stmt *sql.Stmt, first int, before, beforeID int64) ([]feedRow, error) {
	rows, err := stmt.QueryContext(ctx, "", before, beforeID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	feed := make([]feedRow, 0, first+1)
	for rows.Next() {
		var row feedRow
		if err := rows.Scan(&row.id, &row.slug, &row.title, &row.publishedAt, &row.views, &row.authorID, &row.author); err != nil {
			return nil, err
		}
		feed = append(feed, row)
	}
	return feed, rows.Err()
}

func (s *byHandServer) onePost(ctx context.Context, _ *http.Request, asked asks, out []byte) ([]byte, error) {
	var id, publishedAt, authorID int64
	var title, author, headings, html []byte
	if err := s.post.QueryRowContext(ctx, asked.Slug).Scan(&id, &title, &publishedAt, &authorID, &author, &headings, &html); err != nil {
		return nil, err
	}
	out = appendPost(append(out, `"post":`...), id, []byte(asked.Slug), title, publishedAt, authorID, author)
	out = append(append(out, `,"headings":`...), headings...)
	out = appendText(append(out, `,"html":`...), html)
	out, err := s.appendTags(ctx, id, out)
	return append(out, '}'), err
}

func (s *byHandServer) thirtyDays(ctx context.Context, _ *http.Request, asked asks, out []byte) ([]byte, error) {
	from, to, err := daysOf(asked.Range.From, asked.Range.To)
	if err != nil {
		return nil, err
	}
	rows, err := s.days.QueryContext(ctx, asked.Slug, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	views, visitors := make([]int64, to-from+1), make([]int64, to-from+1)
	var id int64
	for rows.Next() {
		var day, seen, readers sql.NullInt64
		if err := rows.Scan(&id, &day, &seen, &readers); err != nil {
			return nil, err
		}
		if day.Valid {
			views[day.Int64-from], visitors[day.Int64-from] = seen.Int64, readers.Int64
		}
	}
	out = strconv.AppendInt(append(out, `"post":{"id":"`...), id, 10)
	out = append(out, `","metrics":{"series":{"starts":[`...)
	for day := from; day <= to; day++ {
		out = append(appendMoment(out, day*86_400_000), ',')
	}
	out = appendNumbers(append(out[:len(out)-1], `],"views":[`...), views)
	out = appendNumbers(append(out, `],"visitors":[`...), visitors)
	return append(out, `]}}}`...), rows.Err()
}

func (s *byHandServer) topTen(ctx context.Context, r *http.Request, asked asks, out []byte) ([]byte, error) {
	out, err := s.thirtyDays(ctx, r, asked, out)
	if err != nil {
		return nil, err
	}
	from, to, err := daysOf(asked.Range.From, asked.Range.To)
	if err != nil {
		return nil, err
	}
	rows, err := s.top.QueryContext(ctx, "", from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out = append(out, `,"metrics":{"topPosts":[`...)
	for first := true; rows.Next(); first = false {
		var id, views, visitors int64
		var slug, title sql.RawBytes
		if err := rows.Scan(&id, &slug, &title, &views, &visitors); err != nil {
			return nil, err
		}
		if !first {
			out = append(out, ',')
		}
		out = appendText(append(out, `{"title":`...), title)
		out = fmt.Appendf(out, `,"views":%d,"visitors":%d,"post":{"id":"%d","slug":`, views, visitors, id)
		out = append(appendText(out, slug), "}}"...)
	}
	return append(out, "]}"...), rows.Err()
}

func (s *byHandServer) record(ctx context.Context, r *http.Request, asked asks, out []byte) ([]byte, error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	hash := fnv.New64a()
	hash.Write([]byte(r.Header.Get("X-Forwarded-For") + r.UserAgent()))
	day, visitor := time.Now().Unix()/86_400, int64(hash.Sum64())
	for _, event := range asked.Input.Events {
		var times, fresh int64
		if err := tx.StmtContext(ctx, s.addView).QueryRowContext(ctx, event.PostID, day, visitor).Scan(&times); err != nil {
			return nil, err
		}
		if times == 1 {
			fresh = 1
		}
		if _, err := tx.StmtContext(ctx, s.addPostDay).ExecContext(ctx, event.PostID, day, fresh); err != nil {
			return nil, err
		}
		if _, err := tx.StmtContext(ctx, s.addPostView).ExecContext(ctx, event.PostID); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	return fmt.Appendf(out, `"recordEvents":{"recorded":%d,"userErrors":[]}`, len(asked.Input.Events)), nil
}

func (s *byHandServer) appendTags(ctx context.Context, post int64, out []byte) ([]byte, error) {
	rows, err := s.tags.QueryContext(ctx, post)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out = append(out, `,"tags":[`...)
	for first := true; rows.Next(); first = false {
		var id int64
		var slug, name sql.RawBytes
		if err := rows.Scan(&id, &slug, &name); err != nil {
			return nil, err
		}
		if !first {
			out = append(out, ',')
		}
		out = strconv.AppendInt(append(out, `{"id":"`...), id, 10)
		out = appendText(append(out, `","slug":`...), slug)
		out = append(appendText(append(out, `,"name":`...), name), '}')
	}
	return append(out, ']'), rows.Err()
}

func appendPost(out []byte, id int64, slug, title []byte, publishedAt, authorID int64, author []byte) []byte {
	out = strconv.AppendInt(append(out, `{"id":"`...), id, 10)
	out = appendText(append(out, `","slug":`...), slug)
	out = appendText(append(out, `,"title":`...), title)
	out = appendMoment(append(out, `,"publishedAt":`...), publishedAt)
	out = strconv.AppendInt(append(out, `,"author":{"id":"`...), authorID, 10)
	return append(appendText(append(out, `","name":`...), author), '}')
}

func appendMoment(out []byte, milliseconds int64) []byte {
	return time.UnixMilli(milliseconds).UTC().AppendFormat(out, `"2006-01-02T15:04:05.000Z"`)
}

func appendNumbers(out []byte, numbers []int64) []byte {
	for i, n := range numbers {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, n, 10)
	}
	return out
}

// appendText writes a JSON string. The floor has this of its own: nothing of what is measured stands in what it is measured by.
func appendText(out, text []byte) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	from := 0
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		out = append(out, text[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, `\n`...)
		default:
			out = append(out, `\u00`...)
			out = append(out, hex[c>>4], hex[c&15])
		}
	}
	return append(append(out, text[from:]...), '"')
}
