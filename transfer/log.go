package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

// HitTaker takes page views: metric.Service.
type HitTaker interface {
	ImportMark(ctx context.Context, log string) (metric.ImportMark, error)
	ImportHits(ctx context.Context, from int64, mark metric.ImportMark, hits []metric.Hit) (metric.Imported, error)
}

// Log is an access log to be imported.
type Log struct {
	Name string                        // for notices
	Open func() (io.ReadCloser, error) // gives its bytes, plain or packed by gzip
	Size int64                         // of them, for the progress; 0 where it isn't known
}

// LogOptions says what a log leaves open.
type LogOptions struct {
	Zone     *time.Location // of times that name none; UTC when nil
	PostPath PostPath       // how to know the path of a post
}

// LogReport counts what became of the lines of logs.
type LogReport struct {
	Earlier int64 // lines that were taken by an import before this one
	Lines   int64 // lines read behind those
	Taken   int64 // of Lines, those that were understood
	Left    Tally // of Lines, the others, by reason
	Passed  Tally // of Taken, those that are no page views, by reason
	Views   int64 // of Taken, page views of people
	Robots  int64 // of Taken, page views of robots; 0, and all in Views, where there was no taker
	Posts   int64 // of Taken, page views, also of robots, whose path is one of a post
	Unread  Tally // logs that could not be read, or not to their end, by reason
}

// NewLogReport returns a report of nothing, to which others can be added.
func NewLogReport() LogReport { return LogReport{Left: Tally{}, Passed: Tally{}, Unread: Tally{}} }

// Add adds the counts of another report.
func (r *LogReport) Add(other LogReport) {
	r.Earlier += other.Earlier
	r.Lines += other.Lines
	r.Taken += other.Taken
	r.Views += other.Views
	r.Robots += other.Robots
	r.Posts += other.Posts
	r.Left.add(other.Left)
	r.Passed.add(other.Passed)
	r.Unread.add(other.Unread)
}

// Reasons for which a log, or the rest of one, is left out.
const (
	unreadShorter  = "shorter than what was taken of it before"
	unreadChanged  = "not the text that was taken of it before"
	unreadMeddling = "being imported by someone else too"
)

// batchLines is how many lines are counted in one transaction.
const batchLines = 5000

// agentNotLogged stands for the user agents of a log in the common format, which tells none: unlike a request that came
// without one, which no browser sends, nothing is known of who asked.
const agentNotLogged = "not logged"

// headLine is the fewest bytes of a line that tells logs apart. Comments don't: programs begin every log with the same.
const headLine = 32

// ImportLog gives the page views of an access log to hits, batchLines lines at a time, each batch with the mark of how far
// the log was taken: an import that is stopped goes on where it was, line for line.
//
// A log is known by the digest (SHA-256) of its beginning, up to its first line of at least headLine bytes that is no
// comment, and taken up behind its mark if the bytes before have the digest that they had then: so a log that grew, was renamed or packed goes
// on, and one that was taken to its end gives nothing. A last line without a line feed, which may still be written, is taken
// if it can be read and is of the same format as the line before; otherwise it waits for the next import.
//
// A line that can't be taken is told to watch and counted, and so is a log that can't be read. Without a taker (nil)
// everything is read and nothing written. The report is good also when an error is returned: the context's, or the taker's.
func ImportLog(ctx context.Context, log Log, hits HitTaker, options LogOptions, watch Watch) (LogReport, error) {
	if options.Zone == nil {
		options.Zone = time.UTC
	}
	run := logRun{log: log, hits: hits, options: options, watch: watch, report: NewLogReport()}
	err := run.open(ctx)
	if ctx.Err() != nil {
		return run.report, ctx.Err()
	}
	if left, ok := errors.AsType[*leftOut](err); ok {
		run.report.Unread[left.reason]++
		watch.notice(Notice{log.Name, left.line, left.reason, left.detail})
		err = nil
	}
	watch.progress(run.packed.count, log.Size)
	return run.report, err
}

// open opens the log, gives it on, and closes it.
func (r *logRun) open(ctx context.Context) error {
	data, err := r.log.Open()
	if err != nil {
		return &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	}
	defer data.Close()
	r.packed.Reader = contextReader{ctx, data}
	return r.readAll(ctx)
}

// logRun is the import of one log.
type logRun struct {
	log     Log
	hits    HitTaker
	options LogOptions
	watch   Watch
	report  LogReport

	packed  countingReader
	lines   *lineReader
	mark    metric.ImportMark // how far the log was taken
	common  bool              // whether the last line that was understood had the common format
	pending LogReport         // of the lines behind the mark
	batch   []metric.Hit
	places  []int64 // the line of each hit
}

func (r *logRun) readAll(ctx context.Context) error {
	plain, err := unpack(&r.packed)
	if err != nil {
		return &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	}
	r.lines = newLineReader(plain)
	if empty, err := r.findMark(ctx); empty || err != nil {
		return err
	}
	r.pending = NewLogReport()
	for {
		next, err := r.lines.next()
		if err != nil {
			return r.finish(ctx, err)
		}
		r.take(next)
		if r.pending.Lines >= batchLines {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
}

// findMark goes behind the mark of what was taken of the log before. It tells whether the log is empty.
func (r *logRun) findMark(ctx context.Context) (empty bool, err error) {
	head, err := r.lines.head(headLine)
	if err != nil {
		return false, &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	}
	sum := sha256.Sum256(head)
	r.mark.Log = hex.EncodeToString(sum[:])
	if r.hits == nil || len(head) == 0 {
		return len(head) == 0, nil
	}
	mark, err := r.hits.ImportMark(ctx, r.mark.Log)
	if logic.CodeOf(err) == logic.CodeNotFound {
		return false, nil
	} else if err != nil {
		return false, err
	}
	whole, within, err := r.lines.skip(mark.Offset)
	switch {
	case err != nil:
		return false, &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	case !whole:
		return false, &leftOut{reason: unreadShorter}
	case r.lines.sum() != mark.Digest:
		return false, &leftOut{reason: unreadChanged}
	}
	r.mark, r.report.Earlier = mark, mark.Lines
	if !within {
		return false, nil
	}
	// The rest of a line that was taken before its line feed was there.
	if _, err := r.lines.next(); err != nil && !errors.Is(err, io.EOF) {
		return false, &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	}
	return false, nil
}

// take counts a line among the pending ones, or tells why not.
func (r *logRun) take(next line) {
	number := r.lines.lines
	if !next.ended {
		number++
	}
	parsed, err := ParseLogLine(next.text, r.options.Zone)
	fault, _ := errors.AsType[lineFault](err)
	if next.tooLong {
		fault = faultTooLong
	}
	if !next.ended && (fault != "" || !parsed.Combined && !r.common) {
		r.lines.forget()
		fault = faultCutOff
		number = r.lines.lines + 1
	}
	r.pending.Lines++
	if fault != "" {
		r.leave(number, fault, "")
		return
	}
	r.common = !parsed.Combined
	r.pending.Taken++
	page, passed := parsed.PagePath()
	if passed != "" {
		r.pending.Passed[passed]++
		return
	}
	slug := r.options.PostPath.Slug(page)
	if slug != "" {
		r.pending.Posts++
	}
	if !parsed.Combined {
		parsed.UserAgent = agentNotLogged
	}
	r.places = append(r.places, number)
	r.batch = append(r.batch, metric.Hit{
		At: parsed.At, Reader: parsed.Client, UserAgent: parsed.UserAgent, Path: page, Referrer: parsed.Referrer, PostSlug: slug,
	})
}

func (r *logRun) leave(number int64, fault lineFault, detail string) {
	r.pending.Left[string(fault)]++
	r.watch.notice(Notice{r.log.Name, number, string(fault), detail})
}

// flush gives the pending lines on and moves the mark behind them.
func (r *logRun) flush(ctx context.Context) error {
	mark := metric.ImportMark{
		Log: r.mark.Log, Offset: r.lines.offset, Lines: r.mark.Lines + r.pending.Lines - r.pending.Left[string(faultCutOff)],
		Digest: r.lines.sum(),
	}
	imported := metric.Imported{Recorded: len(r.batch)}
	if r.hits != nil && mark.Offset > r.mark.Offset {
		var err error
		imported, err = r.hits.ImportHits(ctx, r.mark.Offset, mark, r.batch)
		if logic.CodeOf(err) == logic.CodeInvalid {
			return &leftOut{line: r.mark.Lines + 1, reason: unreadMeddling}
		} else if err != nil {
			return err
		}
	}
	for _, fault := range imported.Faults {
		r.pending.Taken--
		r.leave(r.places[fault.Index], faultRefused, said(fault.Err))
	}
	r.pending.Views, r.pending.Robots = int64(imported.Recorded), int64(imported.Robots)
	r.report.Add(r.pending)
	r.mark, r.pending, r.batch, r.places = mark, NewLogReport(), r.batch[:0], r.places[:0]
	r.watch.progress(r.packed.count, r.log.Size)
	return nil
}

// finish gives the last lines on, after reading ended with err.
func (r *logRun) finish(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return &leftOut{line: r.lines.lines + 1, reason: reasonUnreadable, detail: causeOf(err)}
}
