package main

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"maps"
	"net/url"
	"slices"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

var (
	//go:embed peers/schema.sql
	peerSchema string
	//go:embed peers/fill.sql
	peerFill string
)

// fillPeers makes the SQLite file that the peers read, with the posts that stand in Headwater's file and the views that it counted, counted
// here once more.
func fillPeers(ctx context.Context, file, headwater string, size size, end time.Time) error {
	address := url.URL{Scheme: "file", Path: file, RawQuery: "_journal_mode=OFF&_synchronous=OFF"}
	db, err := sql.Open("sqlite3", address.String())
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, step := range []string{peerSchema, "ATTACH '" + headwater + "' AS headwater", peerFill} {
		if _, err := db.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("the peers' posts: %w", err)
		}
	}
	if err := insertViews(ctx, db, viewsByVisitor(size, end)); err != nil {
		return fmt.Errorf("the peers' views: %w", err)
	}
	_, err = db.ExecContext(ctx, `
		INSERT INTO post_day SELECT post_id, day, SUM(views), COUNT(*) FROM view GROUP BY post_id, day;
		UPDATE post SET views = counted.views FROM (SELECT post_id, SUM(views) AS views FROM post_day GROUP BY post_id) AS counted
		WHERE counted.post_id = post.id;
		DETACH headwater; ANALYZE; PRAGMA journal_mode = WAL`)
	return err
}

type viewKey struct {
	post, day int64
	visitor   int64
}

func viewsByVisitor(size size, end time.Time) map[viewKey]int64 {
	counted := make(map[viewKey]int64, size.views)
	for v := range views(size, end) {
		hash := fnv.New64a()
		hash.Write([]byte(v.reader + v.agent))
		visitor := int64(binary.BigEndian.Uint64(hash.Sum(nil)))
		counted[viewKey{int64(v.post) + 1, v.at.Unix() / 86_400, visitor}]++
	}
	return counted
}

// insertViews writes them in the order of their keys, which is the fastest.
func insertViews(ctx context.Context, db *sql.DB, counted map[viewKey]int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, `INSERT INTO view (post_id, day, visitor, views) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	for _, key := range slices.SortedFunc(maps.Keys(counted), func(a, b viewKey) int {
		return cmp.Or(cmp.Compare(a.post, b.post), cmp.Compare(a.day, b.day), cmp.Compare(a.visitor, b.visitor))
	}) {
		if _, err := insert.ExecContext(ctx, key.post, key.day, key.visitor, counted[key]); err != nil {
			return err
		}
	}
	return tx.Commit()
}
