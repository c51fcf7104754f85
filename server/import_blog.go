package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"headwater/logic"
	"headwater/transfer"
)

// blogFlags are what the imports of other programs' exports have.
type blogFlags struct {
	File   string `arg:"" help:"The export."`
	Author string `help:"Who wrote the posts that name nobody." default:"Unknown" env:"-"`
	URL    string `name:"url" help:"Where the old site is, as https://old.example.org: put before addresses that the export leaves open." env:"-" placeholder:"URL"`

	importFlags
}

// Validate refuses what is no file, and no address.
func (f *blogFlags) Validate() error {
	if f.File == "" {
		return nil // kong says so itself
	}
	info, err := os.Stat(f.File)
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder", f.File)
	}
	if err == nil && f.URL != "" {
		if fault := logic.CheckAddress(f.URL); fault != nil {
			err = fmt.Errorf("--url %s", fault.Message)
		}
	}
	return err
}

// ImportGhostCmd imports what Ghost exports.
type ImportGhostCmd struct{ blogFlags }

// Run imports the export and prints a report.
func (c *ImportGhostCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	return c.run(ctx, stdout, settings, transfer.ImportGhost)
}

// ImportWordPressCmd imports what WordPress exports.
type ImportWordPressCmd struct{ blogFlags }

// Run imports the export and prints a report.
func (c *ImportWordPressCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	return c.run(ctx, stdout, settings, transfer.ImportWordPress)
}

// blogImport reads the export of another program.
type blogImport func(context.Context, string, io.Reader, int64, transfer.PostTaker, transfer.BlogOptions, transfer.Watch) (transfer.PostReport, error)

func (f *blogFlags) run(ctx context.Context, stdout io.Writer, settings *Settings, take blogImport) (err error) {
	started := time.Now()
	file, err := os.Open(f.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	house, site, err := settings.openForImport(ctx, f.DryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.close()) }()
	zone, err := site.Zone()
	if err != nil {
		return err
	}
	var taker transfer.PostTaker
	if !f.DryRun {
		taker = house.content
	}
	show := newConsole(stdout, os.Stderr, f.All)
	options := transfer.BlogOptions{Zone: zone, DefaultAuthor: f.Author, URL: f.URL}
	report, err := take(ctx, f.File, file, info.Size(), taker, options, show.watch("bytes"))
	show.end()
	if errors.Is(err, transfer.ErrNotExport) && report.Files == 0 {
		return err
	}
	if printErr := printPostReport(stdout, f.File, "posts and pages", report, f.DryRun, time.Since(started)); printErr != nil {
		return errors.Join(err, printErr)
	}
	return stopped(ctx, err)
}
