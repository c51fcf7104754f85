package transfer

import (
	"net/url"
	"path"
	"strings"

	"headwater/logic"
	"headwater/logic/metric"
)

// Reasons for which a request that was understood is no page view.
const (
	passedNoHTTP = "not HTTP"
	passedMethod = "another method than GET"
	passedStatus = "another status than 2xx and 304"
	passedNoPath = "no path"
	passedFile   = "a file that is no page"
)

// fileExtensions are those of files that are no pages.
var fileExtensions = func() map[string]bool {
	extensions := make(map[string]bool)
	for extension := range strings.FieldsSeq(`
		css js mjs map wasm
		png jpg jpeg gif svg ico webp avif bmp tif tiff
		woff woff2 ttf otf eot
		mp3 m4a ogg oga opus wav flac mp4 m4v webm ogv mov avi mkv swf
		pdf ps epub doc docx xls xlsx ppt pptx odt ods odp
		zip gz tgz bz2 xz zst 7z rar tar jar exe msi dmg deb rpm apk iso bin
		xml xsl json jsonl rss atom txt csv tsv yaml yml ics webmanifest`) {
		extensions["."+extension] = true
	}
	return extensions
}()

// PagePath returns the path of the page that the request shows to its reader, or why it is no page view.
//
// A page view is a GET that was answered with a status of 2xx or 304, for a path whose last part does not end in the
// extension of a file (.css, .png, .pdf, ...; see docs/import.md). The path is the request's target without scheme and
// host, up to the first ? or #, as metric.CanonicalPath writes it. A slash at the end stays.
func (l LogLine) PagePath() (page, passed string) {
	switch {
	case l.Method == "":
		return "", passedNoHTTP
	case l.Method != "GET":
		return "", passedMethod
	case l.Status/100 != 2 && l.Status != 304:
		return "", passedStatus
	}
	page = targetPath(l.Target)
	if page == "" {
		return "", passedNoPath
	}
	if fileExtensions[strings.ToLower(path.Ext(page))] {
		return "", passedFile
	}
	return page, ""
}

// targetPath returns the path of a request's target as metrics count it; nothing where it has none.
func targetPath(target string) string {
	if i := strings.Index(target, "://"); i > 0 && !strings.ContainsAny(target[:i], "/?#") {
		_, rest, _ := strings.Cut(target[i+len("://"):], "/")
		target = "/" + rest
	}
	if !strings.HasPrefix(target, "/") {
		return ""
	}
	if end := strings.IndexAny(target, "?#"); end >= 0 {
		target = target[:end]
	}
	return metric.CanonicalPath(target)
}

// PostPath is the pattern of the paths of posts: what stands before and behind the slug.
type PostPath struct {
	before, behind string
}

// ParsePostPath reads a pattern such as /blog/{slug}, or an address such as https://example.org/blog/{slug}, of which the
// path counts. INVALID where it has no path with {slug} in it, once.
func ParsePostPath(pattern string) (PostPath, error) {
	parsed, err := url.Parse(pattern)
	if err != nil || !strings.HasPrefix(parsed.Path, "/") || strings.Count(parsed.Path, logic.SlugPlace) != 1 {
		return PostPath{}, logic.Invalid("%q is no path of posts, as /blog/{slug}", pattern)
	}
	before, behind, _ := strings.Cut(parsed.Path, logic.SlugPlace)
	return PostPath{targetPath(before), strings.TrimSuffix(metric.CanonicalPath(behind), "/")}, nil
}

// Slug returns the slug of the post that a page's path leads to, as PagePath gives it, with or without a slash at its end;
// nothing where it leads to none. The zero PostPath knows no posts.
func (p PostPath) Slug(page string) string {
	slug, ok := strings.CutPrefix(strings.TrimSuffix(page, "/"), p.before)
	if !ok || p.before == "" {
		return ""
	}
	slug, ok = strings.CutSuffix(slug, p.behind)
	if !ok || strings.Contains(slug, "/") {
		return ""
	}
	return slug
}
