"""What a rep types who hears a customer, and the product or item that he wants to see first.

Over the demo shop as `make run` fills it: 2,000 items, seed 1. Each line is a query, an arrow, and
the description of a product (any of its sizes and colours will do) or of one item; where two are
equally right, a bar stands between them. Written from what is on the shelves, not from what a
search answers. The codes are those of the items as the simulator hands them out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

BY_KIND = {
    "name": """
        trail runner gtx → Trail Runner GTX
        trail runner gtx w → Trail Runner GTX W
        trail runner lite → Trail Runner Lite
        canal mile → Canal Mile
        canal mile w → Canal Mile W
        harrier → Harrier
        harrier w → Harrier W
        tempo nine → Tempo Nine
        ridgeback mid → Ridgeback Mid
        old quarry → Old Quarry
        trailhead mid gtx → Trailhead Mid GTX
        strand → Strand
        river strap → River Strap
        dockside → Dockside
        courtyard low → Courtyard Low
        snowgate → Snowgate
        frostline → Frostline
        puddle jumper → Puddle Jumper
        trail pup → Trail Pup
        squall shell → Squall Shell
        drizzle anorak → Drizzle Anorak W
        harbour rain jacket → Harbour Rain Jacket
        eiderlight hoody → Eiderlight Hoody
        eiderlight vest → Eiderlight Vest
        bivouac parka → Bivouac Parka
        hearth full-zip → Hearth Full-Zip
        grid hoody → Grid Hoody
        woodlot vest → Woodlot Vest
        trail tee → Trail Tee
        merino 150 tee → Merino 150 Tee
        merino 250 half-zip → Merino 250 Half-Zip
        flannel no. 4 → Flannel No. 4
        switchback pant → Switchback Pant
        granite softshell → Granite Softshell
        ford short → Ford Short
        fisherman beanie → Fisherman Beanie
        five panel → Five Panel
        stormcuff glove → Stormcuff Glove
        merino neck warmer → Merino Neck Warmer
        portage belt → Portage Belt
        tern roll-top 24 → Tern Roll-Top 24
        longhaul 65 → Longhaul 65
        trail vest 8 → Trail Vest 8
        stevedore 60 → Stevedore 60
        ditty bag → Ditty Bag
        hip pack 3 → Hip Pack 3
        wool sock → Wool sock
        tempo no-show → Tempo No-Show
        cabin sock 2-pack → Cabin Sock 2-Pack
        lean-to 2 → Lean-To 2
        longhouse 4 → Longhouse 4
        burrow -9 → Burrow -9
        meadow +7 → Meadow +7
        featherbed mat → Featherbed Mat
        ember stove → Ember Stove
        billy pot → Billy Pot 1.0 L
        enamel mug blue → Enamel Mug Blue
        long spoon ti → Long Spoon Ti
        clearbrook filter → Clearbrook Filter
        glimmer 600 → Glimmer 600
        candle lantern → Candle Lantern
        two-tree hammock → Two-Tree Hammock
        pocket tool 9 → Pocket Tool 9
        sighting compass → Sighting Compass
        blister kit → Blister Kit
        carbon z pole → Carbon Z Pole
        snow baskets → Snow Baskets
        crag 9.8 60 m → Crag 9.8 60 m
        screw gate hms → Screw Gate HMS
        beeswax balm → Beeswax Balm
        suede brush → Suede Brush
        proofing spray → Proofing Spray 250 ml
        seam grip → Seam Grip
        zip repair → Zip repair
        boot fitting → Boot fitting service
        day hikes of the townships → Day Hikes of the Townships
        the patient knot → The Patient Knot
        chana masala → Chana Masala 2 Servings
        oat bar maple → Oat Bar Maple
        nut bar salted → Nut Bar Salted
        keel patch → Keel Patch
        gift box wool → Gift Box Wool
        gift wrap → Gift Wrap
        camp kettle → Camp Kettle
        camp knife → Camp Knife
        trail shell → Trail Shell
        trail short → Trail Short
        trail pant → Trail Pant
        trail crew → Trail Crew
        trail stool → Trail Stool
        trail cooking → Trail Cooking
        cairn tee → Cairn Tee
        boot brush → Boot Brush
        vest 12 → Vest 12
        cork grip → Cork Grip Pole | Cork Grips
        """,
    "half word": """
        ridgeb → Ridgeback Mid | Ridgeback Mid W
        snowg → Snowgate
        frostl → Frostline
        stevedo → Stevedore 60
        puddle j → Puddle Jumper
        bivou → Bivouac Parka
        lambs → Lambswick Fleece
        woodl → Woodlot Vest
        switchb → Switchback Pant
        storm gl → Stormcuff Glove
        fish bea → Fisherman Beanie
        cab bean → Cable Beanie
        longha → Longhaul 65
        gang → Gangway 40
        featherb → Featherbed Mat
        clearb → Clearbrook Filter
        squee fil → Squeeze Filter
        mush ris → Mushroom Risotto
        chana → Chana Masala 2 Servings
        app cru → Apple Crumble
        oat blue → Oat Bar Blueberry
        purif → Purifying Tabs
        ham str → Hammock Straps
        sight com → Sighting Compass
        carb pol → Carbon Z Pole
        belay → Belay Plate
        screw g → Screw Gate HMS
        dub neu → Dubbin Neutral
        dub da → Dubbin Dark
        quick lac → Trail Quick Laces
        heat mould → Heat-moulded insole fitting
        resol → Boot resoling
        porch ch → Porch Chair
        porch lan → Porch Lantern
        low lou → Low Lounger
        fry pan → Frying Pan 20 cm
        nest set → Nesting Set 4
        eider h → Eiderlight Hoody
        eider v → Eiderlight Vest
        harb rain → Harbour Rain Jacket
        driz → Drizzle Anorak W
        granite s → Granite Softshell
        merino cr → Merino 200 Crew
        mer neck → Merino Neck Warmer
        cab sock → Cabin Sock 2-Pack
        cott → Cottage Sock
        hik cr → Hiker Crew
        dit → Ditty Bag
        postc → Postcard Set
        whist → Whistle
        jun lamp → Junior Lamp
        gul har → Gully Harness
        whittl → Whittler
        pudd → Puddle Jumper
        """,
    "some words": """
        hoody grid → Grid Hoody
        vest eiderlight → Eiderlight Vest
        jacket harbour → Harbour Rain Jacket
        mug enamel white → Enamel Mug White
        kit blister → Blister Kit
        parka bivouac → Bivouac Parka
        map laurentides → Trail Map: Laurentides
        charlevoix ski → Ski Map: Charlevoix
        birds guide → Field Guide: Birds
        townships → Day Hikes of the Townships
        day hikes → Day Hikes of the Townships
        patient knot → The Patient Knot
        risotto → Mushroom Risotto
        blueberry bar → Oat Bar Blueberry
        masala → Chana Masala 2 Servings
        anorak → Drizzle Anorak W
        parka → Bivouac Parka
        softshell → Granite Softshell
        hms → Screw Gate HMS
        saw → Folding Saw
        lounger → Low Lounger
        whistle → Whistle
        spork → Spork
        straps hammock → Hammock Straps
        wash wool → Wool Wash 300 ml
        wash down → Down Wash 300 ml
        large gift wrap → Gift Wrap Large
        fleece lambswick → Lambswick Fleece
        frying pan → Frying Pan 20 cm
        compass bearing → Bearing Compass
        jerky → Jerky 60 g
        reservoir → Reservoir 2 L
        spirit → Spirit 1 L
        """,
    "slip": """
        harier → Harrier | Harrier W
        harrrier → Harrier | Harrier W
        ridgebak → Ridgeback Mid | Ridgeback Mid W
        snwogate → Snowgate
        frostlne → Frostline
        dokside → Dockside
        courtyad low → Courtyard Low
        pudle jumper → Puddle Jumper
        sqaull shell → Squall Shell
        drizle anorak → Drizzle Anorak W
        eiderlihgt vest → Eiderlight Vest
        biovuac → Bivouac Parka
        lambswik → Lambswick Fleece
        merrino 150 tee → Merino 150 Tee
        mernio neck warmer → Merino Neck Warmer
        flanel → Flannel No. 4
        switchbak pant → Switchback Pant
        grantie softshell → Granite Softshell
        fishermen beanie → Fisherman Beanie
        fisherman beany → Fisherman Beanie
        stormcuff glvoe → Stormcuff Glove
        portge belt → Portage Belt
        stevadore → Stevedore 60
        gangwya 40 → Gangway 40
        longhual 65 → Longhaul 65
        featherbead mat → Featherbed Mat
        embr stove → Ember Stove
        clearbrok filter → Clearbrook Filter
        sqeeze filter → Squeeze Filter
        glimer 350 → Glimmer 350
        candel lantern → Candle Lantern
        hammok straps → Hammock Straps
        whitler → Whittler
        sigthing compass → Sighting Compass
        blitser kit → Blister Kit
        carbn z pole → Carbon Z Pole
        guly harness → Gully Harness
        beesvax balm → Beeswax Balm
        dubin neutral → Dubbin Neutral
        swede brush → Suede Brush
        proffing spray → Proofing Spray 250 ml
        seem grip → Seam Grip
        repiar tape → Repair Tape
        laurentdies → Trail Map: Laurentides
        charlvoix → Ski Map: Charlevoix
        mushrom risotto → Mushroom Risotto
        channa masala → Chana Masala 2 Servings
        jerkey → Jerky 60 g
        oat bar mapel → Oat Bar Maple
        bluebery → Oat Bar Blueberry
        resovoir → Reservoir 2 L
        cutlary roll → Cutlery Roll
        posctard → Postcard Set
        trial tube → Trail Tube
        trial runner gtx → Trail Runner GTX
        trail runer lite → Trail Runner Lite
        cannal mile → Canal Mile
        tempo nien → Tempo Nine
        old quary → Old Quarry
        comons 18 → Commons 18
        cairn stiker → Cairn Sticker
        enamal mug white → Enamel Mug White
        """,
    "code": """
        409841975315 → Trail Runner GTX Blue 10
        0409841975315 → Trail Runner GTX Blue 10
        4 09841 97531 5 → Trail Runner GTX Blue 10
        409066666678 → Trail Runner GTX Slate 8
        409807407478 → Harrier W Sky 8.5
        0409807407478 → Harrier W Sky 8.5
        413266666734 → Harbour Rain Jacket Sky L
        0413266666734 → Harbour Rain Jacket Sky L
        413723456830 → Switchback Pant Tan 38
        0413723456830 → Switchback Pant Tan 38
        415861728640 → Inlet Camp Breakfast
        408301234627 → Soft Flask 500 ml
        0408301234627 → Soft Flask 500 ml
        418696296377 → Brook Bottle 1 L Lilac
        1520669135817 → Trail Runner GTX W Berry 9
        1522261728466 → Hearth Full-Zip Olive S
        1 522261 728466 → Hearth Full-Zip Olive S
        1503138271667 → Tech Wash 300 ml
        1511293827247 → Trail Map: Gaspésie
        1504076543267 → Burrow 0 Teal Long
        210000001569 → Alder Shell W Lilac L
        210000000454 → Tech Wash 300 ml
        210000000010 → Zip repair
        210000001941 → Wader First Aid Kit
        210000000017 → Trail Runner GTX Blue 10
        HIK-0010-OLI-11 → Ridgeback Mid Olive 11
        hik-0010-oli-11 → Ridgeback Mid Olive 11
        hik 0010 oli 11 → Ridgeback Mid Olive 11
        MUG-0044 → Enamel Mug White
        mug0044 → Enamel Mug White
        svc-0003 → Zip repair
        kni-0147 → Folding Saw
        GLO-0182-BLA-S → Stormcuff Glove Black S
        T-S-0175-TEA-S → Merino 150 Tee Teal S
        CAP-0181-MUS → Five Panel Mustard
        jac-0077 → Harbour Rain Jacket
        run-0161 → Scree Dancer W
        fle-0173 → Grid Hoody
        K00006BLU-10 → Trail Runner GTX Blue 10
        k00006blu-10 → Trail Runner GTX Blue 10
        B00067 → Tech Wash 300 ml
        m00069 → Trail Map: Mont Royal
        N00024TAN-38 → Switchback Pant Tan 38
        K00057 → Trail Pole Pair
        V00162FOR-11 → Tempo Nine Forest 11
        C00040TEA-Long → Burrow 0 Teal Long
        """,
    "part of a code": """
        841975315 → Trail Runner GTX Blue 10
        66666678 → Trail Runner GTX Slate 8
        1728466 → Hearth Full-Zip Olive S
        3138271 → Tech Wash 300 ml
        861728640 → Inlet Camp Breakfast
        301234627 → Soft Flask 500 ml
        0010-oli-11 → Ridgeback Mid Olive 11
        00024tan-38 → Switchback Pant Tan 38
        0010-OLI → Ridgeback Mid
        0077-sky → Harbour Rain Jacket
        0173-oli-xxl → Grid Hoody Olive XXL
        00162for → Tempo Nine
        0175-tea → Merino 150 Tee
        0000001941 → Wader First Aid Kit
        """,
    "size and colour": """
        trail runner gtx blue 10.5 → Trail Runner GTX Blue 10.5
        gtx blue 10.5 → Trail Runner GTX Blue 10.5
        blue 10.5 trail runner → Trail Runner GTX Blue 10.5
        gtx slate 9 → Trail Runner GTX Slate 9
        trail runner w teal 7 → Trail Runner GTX W Teal 7
        canal mile w berry 7 → Canal Mile W Berry 7
        canal mile forest 9.5 → Canal Mile Forest 9.5
        harrier mustard 11 → Harrier Mustard 11
        harrier w sky 8.5 → Harrier W Sky 8.5
        tempo nine forest 11 → Tempo Nine Forest 11
        scree dancer red 10 → Scree Dancer Red 10
        dockside navy 8.5 → Dockside Navy 8.5
        dockside 10 sage → Dockside Sage 10
        courtyard tan 9 → Courtyard Low Tan 9
        ridgeback olive 11 → Ridgeback Mid Olive 11
        old quarry black 12 → Old Quarry Black 12
        strand black 8 → Strand Black 8
        snowgate brown 9 → Snowgate Brown 9
        frostline stone 7 → Frostline Stone 7
        puddle jumper sky 13 → Puddle Jumper Sky 13
        squall shell xl red → Squall Shell Red XL
        squall shell w m sky → Squall Shell W Sky M
        drizzle teal s → Drizzle Anorak W Teal S
        eiderlight hoody navy m → Eiderlight Hoody Navy M
        bivouac sage m → Bivouac Parka Sage M
        lambswick sage l → Lambswick Fleece Sage L
        trail tee lilac s → Trail Tee Lilac S
        merino 200 grey xl → Merino 200 Crew Grey XL
        flannel black xl → Flannel No. 4 Black XL
        switchback 34 tan → Switchback Pant Tan 34
        switchback sand 32 → Switchback Pant Sand 32
        ford short olive m → Ford Short Olive M
        fisherman beanie navy → Fisherman Beanie Navy
        trail cap berry → Trail Cap Berry
        five panel orange → Five Panel Orange
        liner glove brown l → Liner Glove Brown L
        trail tube yellow → Trail Tube Yellow
        portage belt brown → Portage Belt Brown
        trail pack 22 forest → Trail Pack 22 Forest
        trail pack red → Trail Pack 22 Red
        tern slate → Tern Roll-Top 24 Slate
        portage 55 black m/l → Portage 55 Black M/L
        stevedore blue → Stevedore 60 Blue
        ditty yellow → Ditty Bag Yellow
        hip pack 3 lilac → Hip Pack 3 Lilac
        wool sock navy m → Wool sock Navy M
        wool sock plum l → Wool sock Plum L
        cottage sock sage s/m → Cottage Sock Sage S/M
        cabin sock rust l/xl → Cabin Sock 2-Pack Rust L/XL
        burrow 0 teal long → Burrow 0 Teal Long
        burrow -9 sky regular → Burrow -9 Sky Regular
        meadow red long → Meadow +7 Red Long
        featherbed wide → Featherbed Mat Wide
        brook bottle 750 rose → Brook Bottle 750 ml Rose
        brook 1 l yellow → Brook Bottle 1 L Yellow
        lean-to sand → Lean-To 2 Sand
        longhouse orange → Longhouse 4 Orange
        gully harness m → Gully Harness M
        trail insole xl → Trail Insole XL
        """,
    "kind, size and colour": """
        hiking boots olive 11 → Ridgeback Mid Olive 11
        black hiking boots 12 → Old Quarry Black 12
        mens hiking boots forest 12 → Old Quarry Forest 12 | Trailhead Mid GTX Forest 12
        stone winter boots 7 → Frostline Stone 7 | Alder Winter Boot Stone 7
        sandals tan 9 → River Strap Tan 9
        sandals rust 8 → Strand Rust 8
        kids shoes sky 1 → Puddle Jumper Sky 1
        kids shoes lilac 3 → Puddle Jumper Lilac 3 | Alder Kids Trainer Lilac 3
        rain jacket mustard xl → Harbour Rain Jacket Mustard XL | Trail Shell Mustard XL
        womens rain jacket teal m → Drizzle Anorak W Teal M
        down jacket sage m → Bivouac Parka Sage M
        fleece plum l → Alder Fleece Plum L
        fleece sage xl → Lambswick Fleece Sage XL
        vest rust m → Woodlot Vest Rust M
        t-shirt lilac s → Trail Tee Lilac S | Merino 150 Tee Lilac S
        base layer grey l → Merino 200 Crew Grey L
        shirt plum m → Portage Shirt Plum M | Alder Shirt Plum M
        trousers rust 34 → Granite Softshell Rust 34
        trousers brown 32 → Alder Pant Brown 32
        shorts plum l → Trail Short Plum L
        shorts teal m → Ford Short Teal M
        beanie plum → Alder Beanie Plum
        beanie black → Cable Beanie Black
        gloves grey l → Alder Glove Grey L
        gloves brown s → Liner Glove Brown S
        neck tube red → Alder Neck Tube Red | Trail Tube Red
        belt tan → Lark Belt Tan
        trekking pack sage m/l → Alder Pack 50 Sage M/L
        trekking pack olive → Longhaul 65
        running vest blue m → Alder Running Vest Blue M
        small bag yellow → Ditty Bag Yellow | Alder Hip Pack Yellow
        hiking sock plum l → Wool sock Plum L
        running socks yellow m → Trail Quarter Yellow M
        running socks sky l → Tempo No-Show Sky L
        tent sand → Lean-To 2 Sand
        sleeping bag slate long → Willow Bag -7 Slate Long
        sleeping bag red regular → Meadow +7 Red Regular
        bottle yellow 1 l → Brook Bottle 1 L Yellow
        """,
    "brand and kind": """
        fjellvind parka → Bivouac Parka
        saltmarsh anorak → Drizzle Anorak W
        pemberly base layer → Merino 200 Crew | Merino 250 Half-Zip
        pemberly half-zip → Merino 250 Half-Zip
        ullstad tee → Trail Tee
        pemberly tee → Lark Tee
        northfell hoody → Grid Hoody
        saltmarsh flannel → Flannel No. 4
        kestrane short → Ford Short
        wrenfield beanie → Fisherman Beanie
        ullstad beanie → Cable Beanie | Alder Beanie
        wrenfield cap → Trail Cap
        kestrane cap → Alder Cap
        ullstad glove → Alder Glove
        fjellvind glove → Liner Glove | Stormcuff Glove
        haulstead travel → Gangway 40
        haulstead day pack → Trail Pack 22
        northfell trekking pack → Longhaul 65
        tarnwood trekking pack → Alder Pack 50
        haulstead running vest → Trail Vest 8
        kestrane running vest → Alder Running Vest | Vest 12
        kestrane no-show → Tempo No-Show
        ullstad hiking sock → Alder Hiking Sock | Wool sock
        korvane insole → Trail Insole | Cork Insole
        veldhart insole → Alder Insole
        veldhart sandal → Strand | River Strap
        tamsin sandal → Alder Sandal
        verrano winter boots → Frostline
        halvorsen winter boot → Snowgate | Alder Winter Boot
        halvorsen hiking boot → Ridgeback Mid
        korvane kids → Alder Kids Trainer
        meridian whistle → Whistle
        meridian ski map → Ski Map: Charlevoix
        lumaro lantern → Fold Lantern | Candle Lantern
        kestrane carbon pole → Carbon Z Pole
        alder & wick saw → Folding Saw
        tarnwood mat → Fold-Out Mat
        cindervale mat → Featherbed Mat | Alder Sleeping Mat
        cindervale tent → Willow Tent 2
        tarnwood tent → Alder Tent 2
        tarnwood quilt → Lark Quilt +5
        nightjar sleeping bag → Willow Bag -7
        northfell cleats → Ice Cleats | Wader Cleats
        portage provisions jerky → Jerky 60 g
        saltmarsh pant → Willow Pant
        beeswain dubbin → Dubbin Dark | Dubbin Neutral
        northfell rain jacket → Harbour Rain Jacket
        """,
    "kind and name": """
        wool socks → Wool sock
        womens harrier → Harrier W
        mens harrier → Harrier
        harrier womens 8 rose → Harrier W Rose 8
        women's scree dancer → Scree Dancer W
        womens canal mile → Canal Mile W
        kids trail pup → Trail Pup
        waterproof anorak → Drizzle Anorak W
        sandal river → River Strap
        winter boots frostline → Frostline
        gloves stormcuff → Stormcuff Glove
        fisherman beanies → Fisherman Beanie
        portage belts → Portage Belt
        enamel mugs → Enamel Mug White | Enamel Mug Blue
        trail poles → Trail Pole Pair
        sleeping bag burrow → Burrow 0 | Burrow -9
        tent longhouse → Longhouse 4
        stove ember → Ember Stove
        boots old quarry → Old Quarry | Old Quarry W
        sandals strand → Strand
        shoes courtyard → Courtyard Low
        jacket bivouac → Bivouac Parka
        trousers switchback → Switchback Pant
        hat five panel → Five Panel
        rope crag 70 → Crag 9.5 70 m
        book patient knot → The Patient Knot
        guidebook birds → Field Guide: Birds
        recycled grid hoody → Grid Hoody
        merino base layer → Merino 200 Crew | Merino 250 Half-Zip
        trail t-shirt → Trail Tee
        trail tshirt → Trail Tee
        """,
    "accents and case": """
        gaspesie → Trail Map: Gaspésie
        Gaspésie → Trail Map: Gaspésie
        GASPÉSIE → Trail Map: Gaspésie
        Gaspe\u0301sie → Trail Map: Gaspésie
        gaspé → Trail Map: Gaspésie
        gaspèsie → Trail Map: Gaspésie
        trail map gaspesie → Trail Map: Gaspésie
        la verendrye → Canoe Map: La Vérendrye
        Vérendrye → Canoe Map: La Vérendrye
        VERENDRYE → Canoe Map: La Vérendrye
        canoë vérendrye → Canoe Map: La Vérendrye
        mont-royal → Trail Map: Mont Royal
        Mont Royal → Trail Map: Mont Royal
        MONT ROYAL → Trail Map: Mont Royal
        LAURENTIDES → Trail Map: Laurentides
        Charlevoix → Ski Map: Charlevoix
        mérino 150 tee → Merino 150 Tee
        WOOL SOCK → Wool sock
        Squall SHELL → Squall Shell
        TRAIL RUNNER GTX → Trail Runner GTX
        dubbin NEUTRAL → Dubbin Neutral
        BELAY PLATE → Belay Plate
        éiderlight vest → Eiderlight Vest
        """,
    "figures": """
        billy pot 1.0 l → Billy Pot 1.0 L
        billy pot 1,0 → Billy Pot 1.0 L
        pot 750 ml → Trail Pot 750 ml
        750ml bottle → Brook Bottle 750 ml
        brook 750 → Brook Bottle 750 ml
        brook bottle 1l → Brook Bottle 1 L
        gas 110g → Gas 110 g
        gas 450 → Gas 450 g
        gas 450g → Gas 450 g
        round laces 150 → Round Laces 150 cm
        laces 150cm → Round Laces 150 cm
        flat laces 120 → Flat Laces 120 cm
        crag 9.8 → Crag 9.8 60 m
        crag 9,8 → Crag 9.8 60 m
        crag 9.5 70m → Crag 9.5 70 m
        cord 6mm → Cord 6 mm
        sling 120 → Sling 120 cm
        quickdraw 12 → Quickdraw 12 cm
        pan 20 cm → Frying Pan 20 cm
        merino 150 → Merino 150 Tee
        merino 250 → Merino 250 Half-Zip
        glimmer 350 → Glimmer 350
        lamp 900 → Trail Lamp 900
        burrow 0 → Burrow 0
        meadow 7 → Meadow +7
        quilt +5 → Lark Quilt +5
        reservoir 2l → Reservoir 2 L
        spirit 1l → Spirit 1 L
        soft flask 500 → Soft Flask 500 ml
        jerky 60g → Jerky 60 g
        trail mix 150g → Trail Mix 150 g
        proofing spray 250 → Proofing Spray 250 ml
        pack 22 → Trail Pack 22
        commons 18 → Commons 18
        tern 24 → Tern Roll-Top 24
        gangway 40 → Gangway 40
        portage 55 → Portage 55
        canal mile 8,5 → Canal Mile
        dockside 8.5 → Dockside
        harrier 11,5 berry → Harrier Berry 11.5
        tempo nine 10.5 mustard → Tempo Nine Mustard 10.5
        kids 13 puddle → Puddle Jumper
        courtyard 9.5 rose → Courtyard Low Rose 9.5
        cottage sock l/xl olive → Cottage Sock Olive L/XL
        portage 55 slate s/m → Portage 55 Slate S/M
        flannel 4 → Flannel No. 4
        """,
    "joined or apart": """
        half zip → Merino 250 Half-Zip
        halfzip → Merino 250 Half-Zip
        full zip → Hearth Full-Zip
        fullzip hearth → Hearth Full-Zip
        rolltop → Tern Roll-Top 24
        roll top → Tern Roll-Top 24
        leanto 2 → Lean-To 2
        lean to → Lean-To 2
        foldout mat → Fold-Out Mat
        doublewall mug → Double-Wall Mug
        two tree → Two-Tree Hammock
        twotree hammock → Two-Tree Hammock
        noshow → Tempo No-Show
        firstaid family → Family First Aid Kit
        2 pack sock → Cabin Sock 2-Pack
        reproofing → Re-proofing, jacket
        heat moulded insole → Heat-moulded insole fitting
        jay head lamp → Jay Headlamp
        soft shell → Granite Softshell
        snow gate → Snowgate
        frost line → Frostline
        bees wax → Beeswax Balm
        storm cuff → Stormcuff Glove
        feather bed → Featherbed Mat
        wood lot vest → Woodlot Vest
        long haul → Longhaul 65
        dock side → Dockside
        trail head mid → Trailhead Mid GTX
        """,
}


@dataclass(frozen=True)
class Wanted:
    kind: str
    query: str
    names: tuple[str, ...]
    """Descriptions of the product or item that a rep wants; one is enough."""


def _read() -> Iterator[Wanted]:
    for kind, lines in BY_KIND.items():
        for line in lines.strip().splitlines():
            query, _, names = line.partition("→")
            yield Wanted(kind, query.strip(), tuple(name.strip() for name in names.split("|")))


WANTED = list(_read())
