package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
)

// mediaPath is how the texts of posts begin an address of a file.
const mediaPath = "/media/"

// images takes the images that posts refer to, each once.
type images struct {
	folder fs.FS // nothing outside of it is reached
	posts  PostTaker
	taken  map[string]takenImage // by their paths below folder
	report *PostReport
}

// takenImage is what an image is now, or why it is not taken.
type takenImage struct {
	media   content.Media
	digest  string // of its contents
	refused string
}

// take takes the images that a post refers to, and the one at the address cover as its cover, and gives its text their new addresses. What it
// can't take stays as it is, and is told to notice; of links, those that lead to images in the folder are looked at.
func (i *images) take(ctx context.Context, file string, post *content.PostImport, cover string, notice func(reason, detail string)) error {
	told := map[string]bool{}
	tell := func(reason, detail string) {
		if !told[detail] {
			told[detail] = true
			notice(reason, detail)
		}
	}
	stated, before := sha256.New(), post.Markdown
	fmt.Fprintf(stated, "%q", post.Markdown)
	image, err := i.takeCover(ctx, file, cover, tell)
	if err != nil {
		return err
	}
	if image.refused == "" {
		post.Cover = &image.media.ID
		fmt.Fprintf(stated, "%q cover", image.digest)
	}
	var failed error
	changed, err := render.Readdress(post.Markdown, func(address render.Address) (string, bool) {
		place, isLocal := localPath(address.Text)
		if !isLocal || failed != nil || !address.IsImage && !isImage(place) {
			return "", false
		}
		found := i.find(file, place)
		if found == "" {
			if address.IsImage && !strings.HasPrefix(place, mediaPath) {
				tell(reasonNoImage, address.Text)
			}
			return "", false
		}
		image, err := i.takeOne(ctx, found)
		if err != nil {
			failed = err
			return "", false
		}
		if image.refused != "" {
			tell(reasonBadImage, address.Text+": "+image.refused)
			return "", false
		}
		fmt.Fprintf(stated, "%q", image.digest)
		return mediaPath + image.media.Name, true
	})
	if err == nil { // else the taker says what is wrong with the text
		post.Markdown = changed
	}
	if post.Cover != nil || post.Markdown != before {
		post.Stated = hex.EncodeToString(stated.Sum(nil))
	}
	return failed
}

// noImage stands for an image that is not there, and that nobody misses.
var noImage = takenImage{refused: "none"}

// takeCover takes the image at an address of front matter, and returns it where it can be a cover.
func (i *images) takeCover(ctx context.Context, file, address string, tell func(reason, detail string)) (takenImage, error) {
	if address == "" {
		return noImage, nil
	}
	found := i.find(file, address) // it may be the path of a file, whose name may have a % or # in it
	if place, isLocal := localPath(address); isLocal && found == "" {
		found = i.find(file, place)
	}
	switch {
	case found == "" && leadsAway(address):
		told, _, _ := strings.Cut(address, ";base64,") // of an image in place of its address, all
		tell(reasonCoverAway, told)
		return noImage, nil
	case found == "":
		tell(reasonNoImage, address)
		return noImage, nil
	case !isCover(found): // looked at first, so that it is not kept for nothing
		tell(reasonBadImage, address+": "+coverTypes)
		return noImage, nil
	}
	image, err := i.takeOne(ctx, found)
	if image.refused == "" && image.media.Width == nil {
		image.refused = coverTypes
	}
	if err == nil && image.refused != "" {
		tell(reasonBadImage, address+": "+image.refused)
	}
	return image, err
}

const coverTypes = "A cover is a JPEG, PNG, GIF or WebP."

// isCover tells whether a file can be a cover, by its name.
func isCover(file string) bool { return isImage(file) && !strings.EqualFold(path.Ext(file), ".svg") }

// leadsAway tells whether an address leads to another place than the site that it stands in.
func leadsAway(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && (parsed.Scheme != "" || parsed.Host != "")
}

// localPath returns the path of an address that leads to nowhere but the site that a text is of.
func localPath(address string) (string, bool) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.Path == "" {
		return "", false
	}
	return parsed.Path, true
}

// isImage tells whether a file is an image, by its name.
func isImage(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg":
		return true
	}
	return false
}

// siteFolders are where generators keep the files that a site has at its root.
var siteFolders = []string{"", "static", "public", "assets", "source", "src"}

// find returns the path below the folder of the file that an address in the post of file leads to; empty where there is none. An address
// is looked for beside the post, below it, as where a post has a folder of its own, and from the root of the site down, of which the
// folder may be a part.
func (i *images) find(file, address string) string {
	var candidates []string
	if rest, isAbsolute := strings.CutPrefix(address, "/"); isAbsolute {
		for more := true; more; _, rest, more = strings.Cut(rest, "/") {
			for _, folder := range siteFolders {
				candidates = append(candidates, path.Join(folder, rest))
			}
		}
	} else {
		beside := path.Dir(file)
		candidates = append(candidates, path.Join(beside, address), path.Join(strings.TrimSuffix(file, path.Ext(file)), address))
		for _, folder := range siteFolders {
			candidates = append(candidates, path.Join(folder, address))
		}
	}
	for _, candidate := range candidates {
		if !fs.ValidPath(candidate) || candidate == "." {
			continue
		}
		if info, err := fs.Stat(i.folder, candidate); err == nil && info.Mode().IsRegular() {
			return candidate
		}
	}
	return ""
}

// takeOne takes an image, where it was not taken yet.
func (i *images) takeOne(ctx context.Context, file string) (takenImage, error) {
	if image, ok := i.taken[file]; ok {
		return image, nil
	}
	image, err := i.read(ctx, file)
	if err != nil {
		return takenImage{}, err
	}
	if image.refused == "" {
		i.report.Images++
	}
	i.taken[file] = image
	return image, nil
}

// read gives an image to the taker; in a dry run it is only looked at.
func (i *images) read(ctx context.Context, file string) (takenImage, error) {
	if err := ctx.Err(); err != nil {
		return takenImage{}, err
	}
	opened, err := i.folder.Open(file)
	if err != nil {
		return takenImage{refused: causeOf(err)}, nil
	}
	defer opened.Close()
	keep := content.CheckImage
	if i.posts != nil {
		keep = i.posts.ImportImage
	}
	digest := sha256.New()
	media, err := keep(ctx, content.Upload{Filename: path.Base(file), Content: io.TeeReader(opened, digest)})
	if fault, ok := errors.AsType[*logic.Error](err); ok && codeWords[fault.Code] != "" {
		return takenImage{refused: fault.Message}, nil
	}
	return takenImage{media: media, digest: hex.EncodeToString(digest.Sum(nil))}, err
}
