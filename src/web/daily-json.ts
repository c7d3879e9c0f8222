/** A paper in the shape of Hugging Face's `GET /api/daily_papers`, which other programs read. */
import type { DailyPaper } from './deps.ts';
import { safeUrl } from './pages/format.ts';

/**
 * Texts are as the source gave them, TeX included, as they are there. Fields that say something of
 * Hugging Face's own users and pictures are left out.
 */
export const dailyPaperJson = ({ paper, upvotes, comments, githubStars }: DailyPaper) => {
  const midnight = (day: string): string => `${day}T00:00:00.000Z`;
  const day = paper.listedOn ?? paper.featuredOn;
  const publishedAt = paper.publishedAt?.toISOString() ?? (day && midnight(day));
  const codeUrl = safeUrl(paper.codeUrl);
  const head = {
    ...(publishedAt && { publishedAt }),
    title: paper.title,
    summary: paper.abstract,
  };
  return {
    paper: {
      id: paper.id,
      authors: paper.authors.map((name) => ({ name, hidden: false })),
      ...head,
      ...(paper.featuredOn && { submittedOnDailyAt: midnight(paper.featuredOn) }),
      upvotes,
      ...(codeUrl && { githubRepo: codeUrl }),
      ...(githubStars !== undefined && { githubStars }),
      ...(paper.summary?.by === 'huggingface' && { ai_summary: paper.summary.text }),
      ...(paper.keywords && { ai_keywords: paper.keywords }),
      ...(paper.organization && { organization: { fullname: paper.organization } }),
    },
    ...head,
    numComments: comments,
    isAuthorParticipating: false,
  };
};
