"""Makes a public awareness campaign: Markdown and poster art in, website, leaflets, posters and pictures out.

The map, in the order of work. Imports point downwards, and the rooms in one line never import each other:

    cli                 the commands
    runs translating    what several commands do; the commands that keep translations
    build               the order of work: read, check, list, make, website, check, place
    proofs              draws pieces on a page to leaf through
    previews            releases under embargo, for named partners
    making              makes what is missing: prints, kits
    picturing           makes what is missing: pictures
    working             jobs on a campaign, in processes, with their time
    website printing pictures packs checks
                        the rooms: MkDocs is known in website alone, Typst in printing/engine.py alone
    catalogue           every file that will be made, decided before any is made
    kits                what is in the press kits
    content             reads what people wrote into a frozen Campaign
    report              what a run was asked for, and what it did
    store placing       what was made before; moving the new into place whole
    model outputs band shipped processes terminal
                        what people wrote and what is made of it as plain data, the woven band, files that come with
                        the package, work in processes, what a person sees of a run
    works identity formats
                        posters, photos and whose they are; the look; tables of formats
    problems            what a person reads when something has to be mended
"""
