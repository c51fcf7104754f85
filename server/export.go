package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/transfer"
)

// ExportCmd writes everything into a folder of plain files.
type ExportCmd struct {
	Dir string `arg:"" help:"The folder, which is made, or is empty."`
}

// Run writes the archive and says what it holds.
func (c *ExportCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	started := time.Now()
	return settings.run(ctx, func(house *house) (err error) {
		snapshot, err := house.store.Snapshot(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, snapshot.Close()) }()
		keys := house.store.Keys()
		show := newConsole(stdout, os.Stderr, false)
		report, err := transfer.ExportArchive(ctx, transfer.ArchiveHouse{
			Content: content.New(snapshot.Content(), logic.SystemClock, keys, content.Options{}),
			Account: account.New(snapshot.Account(), logic.SystemClock, keys, account.Options{}),
			Metric:  metric.New(snapshot.Metric(), logic.SystemClock, keys, metric.Options{}),
		}, house.content.ArchivedContents, c.Dir, show.watch("files"))
		show.end()
		if err != nil {
			return archiveError(ctx, err)
		}
		return printArchiveReport(stdout, c.Dir, "written", report, time.Since(started))
	})
}

// archiveError tells what the wrong folder was named for from what failed, and from what was stopped.
func archiveError(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return errors.New("stopped; nothing was left")
	case errors.Is(err, transfer.ErrNotEmpty):
		return usageError{err}
	}
	return err
}

// printArchiveReport prints what an archive holds.
func printArchiveReport(out io.Writer, folder, done string, report transfer.ArchiveReport, took time.Duration) error {
	sheet := newSheet("%s: %s files %s, %s", folder, grouped(int64(report.Files)), done, took.Round(time.Millisecond))
	for _, kind := range report.Kinds() {
		sheet.row(0, int64(report.Counts[kind]), kind)
	}
	return sheet.print(out)
}
