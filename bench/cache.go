package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"headwater/store"
)

// madeData is where the made data stands: a data folder's database of Headwater's, and the same content for the peers.
type madeData struct{ headwater, peers string }

// made returns the data of that size, which is made where it is not there yet, or is to be made anew. It stands outside the checkout, in
// files that are known by what they are made of.
func made(ctx context.Context, root, cache string, size size, anew bool) (madeData, error) {
	migrations, err := filepath.Glob(filepath.Join(root, "store/migrations/*.sql"))
	if err != nil {
		return madeData{}, err
	}
	in := func(names ...string) (files []string) {
		for _, name := range names {
			files = append(files, filepath.Join(root, "bench", name))
		}
		return files
	}
	ours := append(migrations, in("data.go", "views.go")...)
	theirs := append(ours, in("peerdata.go", "peers/schema.sql", "peers/fill.sql")...)
	end := time.Now().UTC().Truncate(24 * time.Hour)
	var data madeData
	data.headwater, err = kept(cache, size, "headwater", ours, anew, func(file string) error {
		dir, err := os.MkdirTemp(cache, "making-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := fill(ctx, dir, size, end); err != nil {
			return err
		}
		return os.Rename(filepath.Join(dir, store.FileName), file)
	})
	if err != nil {
		return madeData{}, err
	}
	// The views of data that was kept end on the day on which it was made.
	if end, err = lastDay(ctx, data.headwater); err != nil {
		return madeData{}, err
	}
	data.peers, err = kept(cache, size, "peers", theirs, anew, func(file string) error { return fillPeers(ctx, file, data.headwater, size, end) })
	return data, err
}

// kept returns a file that was made of sources, and makes it where it is not there.
func kept(cache string, size size, name string, sources []string, anew bool, make func(file string) error) (string, error) {
	sum := sha256.New()
	for _, source := range sources {
		content, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	file := filepath.Join(cache, fmt.Sprintf("%s-%s-%x.db", name, size.name, sum.Sum(nil)[:6]))
	if _, err := os.Stat(file); err == nil && !anew {
		return file, nil
	}
	fmt.Printf("making %s of %d posts by %d authors on %d tags, and %d views over %d days …\n", file, size.posts, size.users, size.tags, size.views, size.days)
	begin := time.Now()
	if err := make(file + ".making"); err != nil {
		return "", errors.Join(err, os.Remove(file+".making"))
	}
	fmt.Printf("made in %.0f s\n", time.Since(begin).Seconds())
	return file, os.Rename(file+".making", file)
}

// lastDay returns the day behind the last on which there are views in Headwater's data.
func lastDay(ctx context.Context, file string) (time.Time, error) {
	address := url.URL{Scheme: "file", Path: file, RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite3", address.String())
	if err != nil {
		return time.Time{}, err
	}
	defer db.Close()
	var day int64
	err = db.QueryRowContext(ctx, `SELECT MAX(day) + 1 FROM metric_day`).Scan(&day)
	return time.Unix(day*86_400, 0).UTC(), err
}

// copyFile copies a file to a place that is made with its folder: servers write to their data, and what was made is to stay as it is.
func copyFile(to, from string) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}
