package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"headwater/logic"
	"headwater/logic/content"
)

// PostTaker takes posts: content.Service.
type PostTaker interface {
	ImportPost(ctx context.Context, in content.PostImport) (content.ImportResult, error)
	ImportPosts(ctx context.Context, ins []content.PostImport) ([]content.ImportResult, error)
	ImportImage(ctx context.Context, in content.Upload) (content.Media, error)
}

// PostReport counts what became of the files of a folder.
type PostReport struct {
	Files     int64 // of Markdown
	Created   int64
	Updated   int64
	Unchanged int64
	Scheduled int64 // of these, those that wait for their date, and are published then
	Read      int64 // that could have been taken, where there was no taker
	Images    int64 // files that posts show or lead to, each counted once
	Left      Tally // files left out, by reason
	Changed   Tally // parts left out of posts that were taken, by reason
}

// ImportPosts gives every file of Markdown (.md, .markdown) below folder that has a title and a date to posts, in the order
// of their paths; folders whose names begin with a dot, and node_modules, are passed over, links to folders not followed.
// A file that can't be taken is told to watch and counted. Without a taker (nil) everything is read and nothing written.
//
// The report is good also when an error is returned: the context's, or one that would meet every further post too.
func ImportPosts(ctx context.Context, folder fs.FS, posts PostTaker, options PostOptions, watch Watch) (PostReport, error) {
	run := postRun{posts: posts, options: options, watch: watch, slugs: map[string]string{}, siblings: map[string][]string{}}
	run.report.Left, run.report.Changed = Tally{}, Tally{}
	run.images = images{folder: options.Images, posts: posts, taken: map[string]takenImage{}, report: &run.report}
	files, err := run.find(ctx, folder)
	if err != nil {
		return run.report, err
	}
	run.report.Files += int64(len(files))
	for i, file := range files {
		watch.progress(int64(i), int64(len(files)))
		if err := run.take(ctx, folder, file); err != nil {
			return run.report, err
		}
	}
	err = run.takeWaiting(ctx)
	watch.progress(int64(len(files)), int64(len(files)))
	return run.report, err
}

type postRun struct {
	posts    PostTaker
	options  PostOptions
	watch    Watch
	report   PostReport
	slugs    map[string]string // the file that has a slug
	waiting  []waitingPost     // for a slug that another post had
	images   images
	siblings map[string][]string // the names of the files of Markdown in a folder
}

func isMarkdown(name string) bool {
	extension := strings.ToLower(path.Ext(name))
	return extension == ".md" || extension == ".markdown"
}

// find returns the files of Markdown in the order of their paths, folder by folder.
func (r *postRun) find(ctx context.Context, folder fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(folder, ".", func(file string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if file == "." {
				return err
			}
			r.leave(file, &leftOut{reason: reasonUnreadable, detail: causeOf(err)})
			return fs.SkipDir
		}
		name := entry.Name()
		if entry.IsDir() {
			if file != "." && (strings.HasPrefix(name, ".") || name == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if isMarkdown(name) && !strings.HasPrefix(name, ".") {
			files = append(files, file)
			in := path.Dir(file)
			r.siblings[in] = append(r.siblings[in], name)
		}
		return nil
	})
	return files, err
}

// causeOf returns what is wrong with a file, without its path.
func causeOf(err error) string {
	if fault, ok := errors.AsType[*fs.PathError](err); ok {
		return fault.Err.Error()
	}
	return err.Error()
}

func (r *postRun) leave(file string, left *leftOut) {
	r.report.Left[left.reason]++
	r.watch.notice(Notice{file, left.line, left.reason, left.detail})
}

func (r *postRun) change(file string, line int64, reason, detail string) {
	r.report.Changed[reason]++
	r.watch.notice(Notice{file, line, reason, detail})
}

// take reads one file and gives it on.
func (r *postRun) take(ctx context.Context, folder fs.FS, file string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	data, err := readFile(folder, file)
	var notices []Notice
	var post content.PostImport
	var cover string
	if err == nil {
		source := postFile{file, r.siblings[path.Dir(file)], r.options, func(line int64, reason, detail string) {
			notices = append(notices, Notice{file, line, reason, detail})
		}}
		post, cover, err = source.read(data)
	}
	if err == nil {
		err = r.checkSlug(post.Slug)
	}
	if err == nil && r.options.Images != nil {
		err = r.images.take(ctx, file, &post, cover, func(reason, detail string) {
			notices = append(notices, Notice{file, 0, reason, detail})
		})
	}
	if err == nil {
		err = r.give(ctx, waitingPost{PostImport: post, file: file, notices: notices}, true)
	}
	return r.leaveOut(file, err)
}

// leaveOut takes note of a file that is left out; every other error is returned as it is.
func (r *postRun) leaveOut(file string, err error) error {
	left, ok := errors.AsType[*leftOut](err)
	if !ok {
		return err
	}
	r.leave(file, left)
	return nil
}

// waitingPost is a post, and what is to be told of it once it is taken.
type waitingPost struct {
	content.PostImport
	file    string
	notices []Notice
	changes bool // whether a post came from the same file before
}

// checkSlug returns the *leftOut of a post whose slug another file has.
func (r *postRun) checkSlug(slug string) error {
	if other, ok := r.slugs[slug]; ok && slug != "" {
		return &leftOut{reason: reasonSameSlug, detail: slug + ", as " + other}
	}
	return nil
}

// give hands a post to the taker. A post that it refuses is a *leftOut, or waits for its slug where it may.
func (r *postRun) give(ctx context.Context, post waitingPost, mayWait bool) error {
	if err := r.checkSlug(post.Slug); err != nil {
		return err
	}
	var result content.ImportResult
	var err error
	if r.posts == nil {
		if result.Removed, err = content.CheckPost(post.PostImport); err != nil {
			return refused(err)
		}
	} else {
		result, err = r.posts.ImportPost(ctx, post.PostImport)
		if mayWait && slugTaken(err) {
			post.changes = result.Outcome == content.ImportUpdated
			r.waiting = append(r.waiting, post)
			return nil
		}
		if err != nil {
			return refused(err)
		}
	}
	r.taken(post, result)
	return nil
}

func slugTaken(err error) bool {
	fault, ok := errors.AsType[*logic.Error](err)
	return ok && fault.Code == logic.CodeTaken && slices.Equal(fault.Field, []string{"slug"})
}

// taken counts what became of a post, and tells what is to be told of it.
func (r *postRun) taken(post waitingPost, result content.ImportResult) {
	r.slugs[post.Slug] = post.file
	if r.posts == nil {
		r.report.Read++
	} else {
		r.count(result)
		if result.Outcome == content.ImportUnchanged {
			return
		}
	}
	for _, n := range post.notices {
		r.change(n.File, n.Line, n.Reason, n.Detail)
	}
	if removed := removals(result); removed != "" {
		r.change(post.file, 0, reasonSanitised, removed)
	}
}

func (r *postRun) count(result content.ImportResult) {
	if result.Scheduled {
		r.report.Scheduled++
	}
	switch result.Outcome {
	case content.ImportCreated:
		r.report.Created++
	case content.ImportUpdated:
		r.report.Updated++
	default:
		r.report.Unchanged++
	}
}

// takeWaiting takes the posts that waited for a slug: at once those that change posts, which may have each other's slugs,
// and then whatever is left.
func (r *postRun) takeWaiting(ctx context.Context) error {
	left, err := r.exchange(ctx)
	for _, post := range left {
		if err != nil {
			return err
		}
		if err = ctx.Err(); err == nil {
			err = r.leaveOut(post.file, r.give(ctx, post, false))
		}
	}
	return err
}

// exchange takes together as many as it can of the waiting posts that change others, and returns the rest.
func (r *postRun) exchange(ctx context.Context) (left []waitingPost, err error) {
	var together []waitingPost
	for _, post := range r.waiting {
		if post.changes {
			together = append(together, post)
		} else {
			left = append(left, post)
		}
	}
	for len(together) > 0 {
		ins := make([]content.PostImport, len(together))
		for i, post := range together {
			ins[i] = post.PostImport
		}
		results, err := r.posts.ImportPosts(ctx, ins)
		if err == nil {
			for i, post := range together {
				r.taken(post, results[i])
			}
			break
		}
		at := len(results)
		if at == len(together) || !slugTaken(err) {
			return left, err
		}
		left = append(left, together[at])
		together = slices.Delete(together, at, at+1)
	}
	return left, nil
}

var codeWords = map[logic.Code]string{
	logic.CodeRequired: "missing",
	logic.CodeInvalid:  "not valid",
	logic.CodeTooLong:  "too long",
	logic.CodeTaken:    "taken",
	logic.CodeNotFound: "missing",
}

// refused makes a *leftOut of faults of a post; every other error is returned as it is.
func refused(err error) error {
	first, ok := errors.AsType[*logic.Error](err)
	if faults, many := errors.AsType[logic.Faults](err); many && len(faults) > 0 {
		first, ok = faults[0], true
	}
	if !ok || codeWords[first.Code] == "" {
		return err
	}
	what := "post"
	if len(first.Field) > 0 {
		what = first.Field[0]
	}
	return &leftOut{reason: what + " " + codeWords[first.Code], detail: said(err)}
}

// readFile returns the bytes of a file, or a *leftOut.
func readFile(folder fs.FS, file string) ([]byte, error) {
	info, err := fs.Stat(folder, file)
	if err != nil {
		return nil, &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	}
	if !info.Mode().IsRegular() {
		return nil, &leftOut{reason: reasonUnreadable, detail: "not a file"}
	}
	opened, err := folder.Open(file)
	if err != nil {
		return nil, &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxPostFile+1))
	if err != nil {
		return nil, &leftOut{reason: reasonUnreadable, detail: causeOf(err)}
	}
	if len(data) > maxPostFile {
		return nil, &leftOut{reason: reasonTooLarge}
	}
	return data, nil
}

// removals returns what sanitising took out of a post, in a line.
func removals(result content.ImportResult) string {
	var parts []string
	for _, removed := range result.Removed {
		parts = append(parts, fmt.Sprintf("%d × %s", removed.Count, removed.What))
	}
	return strings.Join(parts, ", ")
}
