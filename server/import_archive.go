package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"headwater/store"
	"headwater/transfer"
)

// ImportArchiveCmd makes a data folder of what export wrote.
type ImportArchiveCmd struct {
	Dir string `arg:"" help:"The folder that export wrote."`
}

// Run makes the data folder, the whole of it or nothing, and says what it holds.
func (c *ImportArchiveCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) (err error) {
	started := time.Now()
	folder, err := newDataFolder(settings.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.end()) }()
	show := newConsole(stdout, os.Stderr, false)
	archive, err := transfer.OpenArchive(ctx, c.Dir, show.watch("bytes"))
	show.end()
	if err != nil {
		return archiveError(ctx, err)
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	unfinished := *settings
	unfinished.Data = folder.unfinished
	var report transfer.ArchiveReport
	err = unfinished.runOrMake(ctx, func(house *house) error {
		into := transfer.ArchiveHouse{Content: house.content, Account: house.account, Metric: house.metric}
		var err error
		report, err = archive.Import(ctx, into, show.watch("files"))
		show.end()
		return err
	})
	if err != nil {
		return archiveError(ctx, err)
	}
	if err := folder.finish(); err != nil {
		return err
	}
	return printArchiveReport(stdout, c.Dir, "taken into "+settings.Data, report, time.Since(started))
}

// dataFolder is a data folder that is being made. What goes into it stands in a folder of its own, inside, until all is there: a data folder
// is often a place that can't be renamed.
type dataFolder struct {
	path       string
	made       bool // was not there before
	unfinished string
}

// newDataFolder refuses a folder with something in it.
func newDataFolder(path string) (*dataFolder, error) {
	folder := &dataFolder{path: path}
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		folder.made = true
		err = os.MkdirAll(path, 0o700)
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if entry.Name() != "lost+found" { // which file systems have at their root
			return nil, usageError{fmt.Errorf("the data folder %s is not empty, %s is in it: an archive is taken into a new one, which --data names", path, entry.Name())}
		}
	}
	folder.unfinished, err = os.MkdirTemp(path, ".unfinished-")
	return folder, err
}

// finish puts all that was made where it belongs, the database last: without it the folder is none.
func (f *dataFolder) finish() error {
	entries, err := os.ReadDir(f.unfinished)
	if err != nil {
		return err
	}
	move := func(name string) error {
		return os.Rename(filepath.Join(f.unfinished, name), filepath.Join(f.path, name))
	}
	for _, entry := range entries {
		if entry.Name() == store.FileName {
			continue
		}
		if err := move(entry.Name()); err != nil {
			return err
		}
	}
	f.made = false
	return move(store.FileName)
}

// end takes away what is left of the making.
func (f *dataFolder) end() error {
	err := os.RemoveAll(f.unfinished)
	if f.made {
		err = errors.Join(err, os.Remove(f.path))
	}
	return err
}
