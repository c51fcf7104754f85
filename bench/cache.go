package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Names of what stands in a folder of made data.
const (
	headwaterData = "headwater" // a data folder of Headwater's
	peersFile     = "peers.db"  // the same content for the peers
)

// made returns the folder of the data of that size, which is made where it is not there yet, or where it is to be made anew. It stands
// outside the checkout, and is known by what it is made of: this program's way to make it and Headwater's migrations.
func made(ctx context.Context, root, cache string, size size, anew bool) (string, error) {
	key, err := dataKey(root)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, size.name+"-"+key)
	if anew {
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
	}
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fmt.Printf("Making %d posts by %d authors on %d tags, and %d views over %d days …\n", size.posts, size.users, size.tags, size.views, size.days)
	begin := time.Now()
	making, err := os.MkdirTemp(cache, "making-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(making)
	end := time.Now().UTC().Truncate(24 * time.Hour)
	if err := fill(ctx, filepath.Join(making, headwaterData), size, end); err != nil {
		return "", err
	}
	forHeadwater := time.Since(begin)
	if err := fillPeers(ctx, filepath.Join(making, peersFile), filepath.Join(making, headwaterData, "headwater.db"), size, end); err != nil {
		return "", err
	}
	fmt.Printf("made in %.0f s for Headwater and %.0f s for the peers; kept in %s\n\n", forHeadwater.Seconds(), (time.Since(begin) - forHeadwater).Seconds(), dir)
	return dir, os.Rename(making, dir)
}

// dataKey tells apart what the data is made of.
func dataKey(root string) (string, error) {
	migrations, err := filepath.Glob(filepath.Join(root, "store/migrations/*.sql"))
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, file := range append(migrations, filepath.Join(root, "bench/data.go"), filepath.Join(root, "bench/views.go"), filepath.Join(root, "bench/peerdata.go"),
		filepath.Join(root, "bench/peers/schema.sql"), filepath.Join(root, "bench/peers/fill.sql")) {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6]), nil
}

// copyTo copies files into a folder that is made: servers write to their data, and the made data is to stay as it is.
func copyTo(dir string, files ...string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, file := range files {
		if err := copyFile(filepath.Join(dir, filepath.Base(file)), file); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(to, from string) (err error) {
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
