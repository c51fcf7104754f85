package content

import (
	"context"
	"strconv"

	"headwater/logic"
)

// firstSlugs is how many slugs are looked at first for one that is free. Where none is, four times as many are the next time.
const firstSlugs = 8

// freeSlug returns slug, or else the first of slug-2, slug-3 and so on, that is free or leads to the post with the given key
// already.
func freeSlug(ctx context.Context, r Reader, slug string, id logic.PostID) (string, error) {
	for from, count := 1, firstSlugs; ; from, count = from+count, 4*count {
		slugs := make([]string, count)
		for i := range slugs {
			slugs[i] = numberedSlug(slug, from+i)
		}
		owners, err := r.SlugOwners(ctx, slugs)
		if err != nil {
			return "", err
		}
		for _, slug := range slugs {
			if owner, taken := owners[slug]; !taken || owner == id {
				return slug, nil
			}
		}
	}
}

func numberedSlug(slug string, n int) string {
	if n == 1 {
		return slug
	}
	return slug + "-" + strconv.Itoa(n)
}

func slugTaken(slug string) *logic.Error {
	return logic.Fault(logic.CodeTaken, "another post has the slug %q, or had it when readers saw it", slug)
}
