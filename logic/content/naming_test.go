package content_test

import (
	"slices"
	"testing"

	"headwater/logic/content"
)

// tagsOf returns the slugs and names of the tags of a post that readers see, in order.
func (w *world) tagsOf(t *testing.T, slug string) (slugs, names []string) {
	t.Helper()
	post := w.mustPost(t, slug)
	tags, err := w.TagsByID(t.Context(), post.TagIDs)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range post.TagIDs {
		slugs, names = append(slugs, tags[id].Slug), append(names, tags[id].Name)
	}
	return slugs, names
}

func TestNamesThatDifferAreTagsOfTheirOwn(t *testing.T) {
	for reason, test := range map[string]struct{ first, second, slugs, names []string }{
		"signs are spelled":                    {nil, []string{"C", "C++", "C#", "F♯", "Google+"}, []string{"c", "c-plus-plus", "c-sharp", "f-sharp", "google-plus"}, nil},
		"a sign beside a word says nothing":    {nil, []string{"#go", "a + b"}, []string{"go", "a-b"}, nil},
		"case and accents are no difference":   {[]string{"Café"}, []string{"CAFE", "cafe\u0301"}, []string{"cafe"}, []string{"Café"}},
		"nor is how words are joined":          {[]string{"Machine Learning"}, []string{"machine-learning", "machine_learning"}, []string{"machine-learning"}, []string{"Machine Learning"}},
		"what is left is one":                  {[]string{"NET"}, []string{".NET", "net", "N.E.T"}, []string{"net-2", "net", "n-e-t"}, []string{".NET", "NET", "N.E.T"}},
		"two of one post":                      {nil, []string{"Go!", "Go?", "Go"}, []string{"go", "go-2", "go-3"}, []string{"Go!", "Go?", "Go"}},
		"the next number is taken by a name":   {[]string{"Go", "Go 2"}, []string{"Go!"}, []string{"go-3"}, []string{"Go!"}},
		"a tag that got a number stays so":     {[]string{"Go", "Go!"}, []string{"Go!", "Go"}, []string{"go-2", "go"}, []string{"Go!", "Go"}},
		"outer blanks are cut off":             {nil, []string{"  Go  "}, []string{"go"}, []string{"Go"}},
		"letters that are spelled like others": {[]string{"Straße"}, []string{"strasse", "Ørsted", "Orsted"}, []string{"strasse", "orsted", "orsted-2"}, nil},
	} {
		t.Run(reason, func(t *testing.T) {
			w := newWorld(t)
			before, in := newImport("before"), newImport("post")
			before.Tags, in.Tags = test.first, test.second
			w.mustImport(t, before, content.ImportCreated)
			w.mustImport(t, in, content.ImportCreated)
			slugs, names := w.tagsOf(t, "post")
			if !slices.Equal(slugs, test.slugs) {
				t.Errorf("the slugs are %q, want %q", slugs, test.slugs)
			}
			if test.names != nil && !slices.Equal(names, test.names) {
				t.Errorf("the names are %q, want %q", names, test.names)
			}
		})
	}
}

func TestAuthorsAreToldApartByTheirNames(t *testing.T) {
	w := newWorld(t)
	in := newImport("post")
	in.Authors = []string{"José Ruiz", "Jose Ruiz", "Jose (Ruiz)"}
	post := w.mustImport(t, in, content.ImportCreated).Post
	users, err := w.store.Account().UsersByID(t.Context(), post.AuthorIDs)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range post.AuthorIDs {
		got = append(got, users[id].Username+": "+users[id].Name)
	}
	if want := []string{"jose-ruiz: José Ruiz", "jose-ruiz-2: Jose (Ruiz)"}; !slices.Equal(got, want) {
		t.Errorf("the authors are %q, want %q", got, want)
	}
}
