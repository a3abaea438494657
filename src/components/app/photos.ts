/** The table of `public/samples/README.md`; a test holds the two together. */
export const photos = [
  { file: 'cat.jpg', author: 'Chelsea the cat, Stefan van der Walt', licence: 'CC0 1.0' },
  { file: 'coffee.jpg', author: 'Cup of coffee, Rachel Michetti', licence: 'CC0 1.0' },
  { file: 'astronaut.jpg', author: 'Eileen Collins, NASA', licence: 'public domain (NASA)' },
  { file: 'rocket.jpg', author: 'DSCOVR launch, SpaceX', licence: 'CC0 1.0' },
  { file: 'pagoda.jpg', author: 'danielbuechele (Flickr 6061409035)', licence: 'CC BY 2.0' },
  { file: 'dahlia.jpg', author: 'vultilion (Flickr 6056698931)', licence: 'CC BY 2.0' },
  { file: 'dogs.jpg', author: 'Aitzol Berasategi, 2018', licence: 'CC BY 4.0' },
  { file: 'valley.jpg', author: 'Aitzol Berasategi, 2018', licence: 'CC BY 4.0' },
  { file: 'stream.jpg', author: 'Aitzol Berasategi, 2018', licence: 'CC BY 4.0' },
  { file: 'fig.jpg', author: 'Trevor "Freespace", 2018', licence: 'CC BY 4.0' },
  { file: 'drum-and-wine.jpg', author: 'Jakub Mede, 2018', licence: 'CC BY 4.0' },
  { file: 'dandelion.jpg', author: 'Clemens Engelhardt, 2018', licence: 'CC0 1.0' },
] as const;
