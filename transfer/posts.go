package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"headwater/logic"
	"headwater/logic/content"
)

// PostTaker takes posts: content.Service.
type PostTaker interface {
	ImportPost(ctx context.Context, in content.PostImport) (content.ImportResult, error)
}

// PostReport counts what became of the files of a folder.
type PostReport struct {
	Files     int64 // of Markdown
	Created   int64
	Updated   int64
	Unchanged int64
	Scheduled int64 // of these, those that wait for their date: an import after it publishes them
	Read      int64 // that could have been taken, where there was no taker
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
	watch.progress(int64(len(files)), int64(len(files)))
	return run.report, nil
}

type postRun struct {
	posts    PostTaker
	options  PostOptions
	watch    Watch
	report   PostReport
	slugs    map[string]string   // the file that has a slug
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
	if err == nil {
		source := postFile{file, r.siblings[path.Dir(file)], r.options, func(line int64, reason, detail string) {
			notices = append(notices, Notice{file, line, reason, detail})
		}}
		post, err = source.read(data)
	}
	var result content.ImportResult
	if err == nil {
		result, err = r.give(ctx, post)
	}
	if left, ok := errors.AsType[*leftOut](err); ok {
		r.leave(file, left)
		return nil
	}
	if err != nil {
		return err
	}
	if r.posts != nil && result.Outcome == content.ImportUnchanged {
		return nil
	}
	for _, n := range notices {
		r.change(file, n.Line, n.Reason, n.Detail)
	}
	if removed := removals(result); removed != "" {
		r.change(file, 0, reasonSanitised, removed)
	}
	return nil
}

// give hands a post to the taker, and counts what it did. A post that it refuses is a *leftOut.
func (r *postRun) give(ctx context.Context, post content.PostImport) (content.ImportResult, error) {
	if other, ok := r.slugs[post.Slug]; ok && post.Slug != "" {
		return content.ImportResult{}, &leftOut{reason: reasonSameSlug, detail: post.Slug + ", as " + other}
	}
	r.slugs[post.Slug] = post.Source
	if r.posts == nil {
		r.report.Read++
		return content.ImportResult{}, nil
	}
	result, err := r.posts.ImportPost(ctx, post)
	if err != nil {
		return result, refused(err)
	}
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
	return result, nil
}

var codeWords = map[logic.Code]string{
	logic.CodeRequired: "missing",
	logic.CodeInvalid:  "not valid",
	logic.CodeTooLong:  "too long",
	logic.CodeTaken:    "taken",
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
		what = first.Field[len(first.Field)-1]
	}
	return &leftOut{reason: what + " " + codeWords[first.Code], detail: strings.ReplaceAll(err.Error(), "\n", "; ")}
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
