package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"headwater/logic/content"
	"headwater/transfer"
)

// ImportCmd takes in what was kept elsewhere.
type ImportCmd struct {
	Posts     ImportPostsCmd     `cmd:"" help:"Take the posts of a folder of Markdown, as Hugo, Jekyll, Zola and Eleventy keep them."`
	Ghost     ImportGhostCmd     `cmd:"" help:"Take the posts and pages of an export of Ghost, a file of JSON."`
	WordPress ImportWordPressCmd `cmd:"" name:"wordpress" help:"Take the posts and pages of an export of WordPress, a file of XML (WXR)."`
	Archive   ImportArchiveCmd   `cmd:"" help:"Make a new data folder of what export wrote."`
	Log       ImportLogCmd       `cmd:"" help:"Take the page views of access logs in the common or the combined format."`
}

// importFlags are what both imports have.
type importFlags struct {
	DryRun bool `help:"Read everything and say what would be left out, but write nothing." env:"-"`
	All    bool `help:"Name every place, not only the first hundred of a reason." env:"-"`
}

// ImportPostsCmd imports a folder of Markdown.
type ImportPostsCmd struct {
	Dir     string `arg:"" help:"The folder; all below it is read."`
	Author  string `help:"Who wrote the posts that name nobody." default:"Unknown" env:"-"`
	Source  string `help:"A name for the folder, where another has files with the same paths; give it in every run." env:"-" placeholder:"NAME"`
	Replace bool   `help:"Let a file replace the post that came from its path also when title and date are both others." env:"-"`

	importFlags
}

// Validate refuses what is no folder.
func (c *ImportPostsCmd) Validate() error {
	if c.Dir == "" {
		return nil // kong says so itself
	}
	info, err := os.Stat(c.Dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", c.Dir)
	}
	return err
}

// Run imports the folder and prints a report.
func (c *ImportPostsCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) (err error) {
	started := time.Now()
	house, site, err := settings.openForImport(ctx, c.DryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.close()) }()
	zone, err := site.Zone()
	if err != nil {
		return err
	}
	var taker transfer.PostTaker
	if !c.DryRun {
		taker = house.content
	}
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	show := newConsole(stdout, os.Stderr, c.All)
	show.folder = c.Dir
	options := transfer.PostOptions{
		Zone: zone, Language: site.Language, DefaultAuthor: c.Author, Source: c.Source, Images: root.FS(), Replace: c.Replace,
	}
	report, err := transfer.ImportPosts(ctx, os.DirFS(c.Dir), taker, options, show.watch("files"))
	show.end()
	if printErr := printPostReport(stdout, c.Dir, "files of Markdown", report, c.DryRun, time.Since(started)); printErr != nil {
		return printErr
	}
	return stopped(ctx, err)
}

// ImportLogCmd imports access logs.
type ImportLogCmd struct {
	Files    []string `arg:"" name:"file" help:"The logs, plain or packed by gzip; - for standard input."`
	PostPath string   `help:"Where posts were on the site that wrote the log, as /blog/{slug}; the site's post-url where it is not given." env:"-" placeholder:"PATH"`

	importFlags
}

// Validate refuses what is no file, and paths without a slug.
func (c *ImportLogCmd) Validate() error {
	input := 0
	for _, file := range c.Files {
		if file == "-" {
			if input++; input > 1 {
				return errors.New("- can be given once")
			}
			continue
		}
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		if info.IsDir() {
			return fmt.Errorf("%s is a folder", file)
		}
	}
	if c.PostPath == "" {
		return nil
	}
	_, err := transfer.ParsePostPath(c.PostPath)
	return err
}

// Run imports the logs and prints a report.
func (c *ImportLogCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) (err error) {
	started := time.Now()
	house, site, err := settings.openForImport(ctx, c.DryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.close()) }()
	options, err := c.options(site)
	if err != nil {
		return err
	}
	var taker transfer.HitTaker
	if !c.DryRun {
		taker = house.metric
	}
	show := newConsole(stdout, os.Stderr, c.All)
	report := transfer.NewLogReport()
	for _, file := range c.Files {
		one, fileErr := importLog(ctx, file, taker, options, show)
		report.Add(one)
		if err = fileErr; err != nil {
			break
		}
	}
	show.end()
	if printErr := printLogReport(stdout, len(c.Files), report, c.DryRun, time.Since(started)); printErr != nil {
		return printErr
	}
	return stopped(ctx, err)
}

// options returns what the logs leave open. The site may show posts where no path tells them apart, as at /?p={slug}: then
// every view counts by its path alone.
func (c *ImportLogCmd) options(site content.Site) (transfer.LogOptions, error) {
	posts, err := transfer.ParsePostPath(cmp.Or(c.PostPath, site.PostURL))
	if err != nil && c.PostPath != "" {
		return transfer.LogOptions{}, err
	}
	zone, err := site.Zone()
	return transfer.LogOptions{Zone: zone, PostPath: posts}, err
}

func importLog(ctx context.Context, file string, taker transfer.HitTaker, options transfer.LogOptions, show *console) (transfer.LogReport, error) {
	log := transfer.Log{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }}
	if file == "-" {
		log.Name = "standard input"
		log.Open = func() (io.ReadCloser, error) { return interruptible(ctx, os.Stdin), nil }
	} else if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
		log.Size = info.Size()
	}
	return transfer.ImportLog(ctx, log, taker, options, show.watch("bytes"))
}

// interruptible returns a reader of what input holds that ends with ctx, even while nothing comes.
func interruptible(ctx context.Context, input io.Reader) io.ReadCloser {
	reader, writer := io.Pipe()
	go func() {
		_, err := io.Copy(writer, input)
		writer.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { writer.CloseWithError(ctx.Err()) })
	return reader
}

// stopped tells an import that was interrupted from one that failed.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.New("stopped before the end; the same command goes on from here")
	}
	return err
}

// openForImport opens the data folder, and returns the site that stands in it. A dry run opens it only where it is there
// already: house is nil otherwise, and the site a new one.
func (s *Settings) openForImport(ctx context.Context, dry bool) (*house, content.Site, error) {
	if dry && !s.isThere() {
		return nil, content.Site{Language: "en", TimeZone: "UTC"}, nil
	}
	house, err := s.open(ctx, s.logger(), commandNode(), services{})
	if err != nil {
		return nil, content.Site{}, err
	}
	site, err := house.content.Site(ctx)
	if err != nil {
		return nil, content.Site{}, errors.Join(err, house.store.Close())
	}
	return house, site, nil
}

// close closes the data folder, where one is open.
func (h *house) close() error {
	if h == nil {
		return nil
	}
	return h.store.Close()
}
