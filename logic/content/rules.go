package content

import "headwater/logic"

// The rules of the domain.
var (
	readPosts = logic.Rule{Scope: logic.ScopePostsRead, Text: "Those with POSTS_READ get published posts, with DRAFTS_READ " +
		"posts in every state, and with POSTS_WRITE so their own; for others lists are empty, and no post is there."}
	readDrafts   = logic.Needs(logic.ScopeDraftsRead)
	writePosts   = logic.Needs(logic.ScopePostsWrite)
	publishPosts = logic.Rule{Scope: logic.ScopePostsPublish, Text: "Those with POSTS_PUBLISH who may edit the post."}
	readTags     = logic.Rule{Scope: logic.ScopePostsRead, Text: "Those with POSTS_READ get the tags that published posts stand on, " +
		"and by slug or ID those of other posts that they may read, with DRAFTS_READ any; for others lists are empty, and no tag is there."}
	changeTags = logic.Rule{Scope: logic.ScopePostsWrite, Text: "Those with POSTS_READ, POSTS_WRITE and DRAFTS_READ."}
	editPosts  = logic.Rule{Scope: logic.ScopePostsWrite, Text: "Those with POSTS_WRITE who are among the post's authors, or have " +
		"DRAFTS_READ; what readers see, or are to see, is changed by those who have POSTS_PUBLISH besides."}
	seeEdits = logic.Rule{Scope: logic.ScopePostsWrite, Text: "Those who may edit the post; it is null for others."}
	preview  = logic.Decided("Whoever has a token that createPreviewToken made, as long as it works.")
	schedule = logic.Decided("Those who were given a SCHEDULED post; of a PUBLISHED one, those who may edit it; it is null for others.")

	changeMedia = logic.Rule{Scope: logic.ScopePostsWrite, Text: "Those with POSTS_WRITE who uploaded the file, or have DRAFTS_READ."}
	seeUploader = logic.Rule{Scope: logic.ScopePostsWrite, Text: "Those with POSTS_WRITE; it is null for others."}

	changeSite = logic.NeedsFresh(logic.ScopeSiteWrite)
)

// Rules are the rules of posts, tags and the site.
func Rules() logic.Rules {
	rules := logic.Rules{}
	rules.Add(readPosts,
		"Query.post Query.post(slug)",
		"Query.posts Query.posts(first) Query.posts(after) Query.posts(last) Query.posts(before) Query.posts(filter) Query.posts(orderBy)",
		"Query.searchPosts Query.searchPosts(query) Query.searchPosts(first) Query.searchPosts(after) Query.searchPosts(filter)",
		"Tag.posts Tag.posts(first) Tag.posts(after) Tag.posts(last) Tag.posts(before) Tag.posts(filter) Tag.posts(orderBy)",
		"User.posts User.posts(first) User.posts(after) User.posts(last) User.posts(before) User.posts(filter) User.posts(orderBy)",
		"PostFilter.status PostFilter.kind PostFilter.tags PostFilter.authors PostFilter.languages",
		"PostFilter.publishedFrom PostFilter.publishedBefore PostFilter.trashed",
		"PostOrder.field PostOrder.direction",
		"Post.next Post.previous Post.related Post.related(first)",
	)
	rules.Add(logic.Given,
		"Post.id Post.kind Post.slug Post.title Post.status Post.url Post.summary Post.excerpt Post.excerpt(length)",
		"Post.html Post.text Post.headings Post.wordCount Post.readingMinutes Post.cover Post.author Post.authors Post.tags Post.language",
		"Post.publishedAt Post.deletedAt Post.createdAt Post.updatedAt Post.viewerCanEdit Post.viewerCanPublish",
		"Heading.level Heading.text Heading.anchor",
		"PostEdge.cursor PostEdge.node PostConnection.edges PostConnection.nodes PostConnection.pageInfo PostConnection.totalCount",
		"PostSearchEdge.cursor PostSearchEdge.node PostSearchEdge.snippet",
		"PostSearchConnection.edges PostSearchConnection.nodes PostSearchConnection.pageInfo PostSearchConnection.totalCount",
	)
	rules.Add(preview, "Query.postPreview Query.postPreview(token)")
	rules.Add(schedule, "Post.scheduledFor")
	rules.Add(seeEdits, "Post.markdown Post.workingCopy Post.revision Post.revisions Post.revisions(first) Post.revisions(after)")
	rules.Add(logic.Given,
		"Revision.id Revision.number Revision.slug Revision.title Revision.summary Revision.markdown Revision.html Revision.tags",
		"Revision.authors Revision.cover Revision.language Revision.diff Revision.autosaved Revision.editor Revision.client Revision.createdAt",
		"RevisionEdge.cursor RevisionEdge.node",
		"RevisionConnection.edges RevisionConnection.nodes RevisionConnection.pageInfo RevisionConnection.totalCount",
	)
	rules.Add(writePosts,
		"Mutation.createPost Mutation.createPost(input)",
		"CreatePostInput.kind CreatePostInput.title CreatePostInput.markdown CreatePostInput.slug CreatePostInput.summary",
		"CreatePostInput.tags CreatePostInput.coverId CreatePostInput.authorIds CreatePostInput.language",
	)
	rules.Add(editPosts,
		"Mutation.updatePost Mutation.updatePost(id) Mutation.updatePost(expectedRevision) Mutation.updatePost(input)",
		"Mutation.updatePost(autosave) Mutation.discardWorkingCopy Mutation.discardWorkingCopy(id)",
		"Mutation.unpublishPost Mutation.unpublishPost(id) Mutation.archivePost Mutation.archivePost(id)",
		"Mutation.deletePost Mutation.deletePost(id) Mutation.undeletePost Mutation.undeletePost(id)",
		"Mutation.restoreRevision Mutation.restoreRevision(id) Mutation.restoreRevision(expectedRevision)",
		"Mutation.restoreRevision(number) Mutation.createPreviewToken Mutation.createPreviewToken(postId)",
		"Mutation.createPreviewToken(expiresInSeconds) Mutation.revokePreviewTokens Mutation.revokePreviewTokens(postId)",
		"UpdatePostInput.title UpdatePostInput.markdown UpdatePostInput.slug UpdatePostInput.summary UpdatePostInput.tags UpdatePostInput.coverId",
		"UpdatePostInput.authorIds UpdatePostInput.language UpdatePostInput.publishedAt",
	)
	rules.Add(publishPosts,
		"Mutation.publishPost Mutation.publishPost(id) Mutation.publishPost(expectedRevision) Mutation.publishPost(at)",
	)
	rules.Add(logic.Given,
		"PostPayload.post PostPayload.userErrors PreviewTokenPayload.token PreviewTokenPayload.expiresAt PreviewTokenPayload.userErrors",
		"TagPayload.tag TagPayload.userErrors",
	)
	rules.Add(changeTags,
		"Mutation.updateTag Mutation.updateTag(id) Mutation.updateTag(input)",
		"Mutation.mergeTags Mutation.mergeTags(fromId) Mutation.mergeTags(intoId)",
		"UpdateTagInput.name UpdateTagInput.slug",
	)
	rules.Add(writePosts,
		"Query.media Query.media(first) Query.media(after) Query.media(query) Query.media(orderBy) MediaOrder.field MediaOrder.direction",
		"Mutation.uploadMedia Mutation.uploadMedia(input) UploadMediaInput.file UploadMediaInput.alt",
	)
	rules.Add(changeMedia,
		"Mutation.updateMedia Mutation.updateMedia(id) Mutation.updateMedia(input) UpdateMediaInput.alt UpdateMediaInput.filename",
		"Mutation.deleteMedia Mutation.deleteMedia(id)",
	)
	rules.Add(seeUploader, "Media.uploadedBy")
	rules.Add(logic.Given,
		"Media.id Media.filename Media.mimeType Media.size Media.width Media.height Media.alt Media.url Media.variants Media.createdAt",
		"MediaVariant.url MediaVariant.width MediaVariant.height MediaVariant.mimeType",
		"MediaEdge.cursor MediaEdge.node MediaConnection.edges MediaConnection.nodes MediaConnection.pageInfo MediaConnection.totalCount",
		"MediaPayload.media MediaPayload.userErrors DeleteMediaPayload.deletedId DeleteMediaPayload.usedBy DeleteMediaPayload.userErrors",
	)
	rules.Add(readTags,
		"Query.tag Query.tag(slug) Query.tags Query.tags(first) Query.tags(after) Query.tags(orderBy)",
		"TagOrder.field TagOrder.direction",
	)
	rules.Add(logic.Given,
		"Tag.id Tag.slug Tag.name Tag.postCount",
		"TagEdge.cursor TagEdge.node TagConnection.edges TagConnection.nodes TagConnection.pageInfo TagConnection.totalCount",
	)
	rules.Add(logic.Everyone,
		"Query.site Site.id Site.title Site.description Site.url Site.postUrl Site.language Site.timeZone Site.showsViews",
	)
	rules.Add(changeSite,
		"Mutation.updateSite Mutation.updateSite(input)",
		"UpdateSiteInput.title UpdateSiteInput.description UpdateSiteInput.url UpdateSiteInput.postUrl UpdateSiteInput.language",
		"UpdateSiteInput.timeZone UpdateSiteInput.showsViews",
	)
	rules.Add(logic.Given, "SitePayload.site SitePayload.userErrors")
	return rules
}
